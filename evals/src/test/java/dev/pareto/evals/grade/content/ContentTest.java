package dev.pareto.evals.grade.content;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ContentTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"en | The quick brown fox jumps over the lazy dog and runs away.",
            "de | Der schnelle Fuchs springt über den faulen Hund und läuft dann weg.",
            "fr | Le renard brun saute par-dessus le chien et il est très content.",
            "es | El zorro salta sobre el perro y luego se va a su casa.",
            "it | La volpe salta sopra il cane e poi non si vede più.",
            "pt | A raposa não pula sobre o cão, mas ele também está com uma amiga.",
            "fi | Kettu hyppää koiran yli ja se on hyvin iloinen, mutta koira ei ole.",
            "sw | Mbweha anaruka juu ya mbwa na kisha anakwenda kwa rafiki yake.",
            "vi | Con cáo nhảy qua con chó và sau đó nó không trở lại với những người bạn của mình.",
            "ru | Лиса прыгает через собаку, и она не знает, что это было.",
            "bg | Лисицата скача над кучето и не е ясно защо се смее.",
            "hi | लोमड़ी कुत्ते के ऊपर से कूदती है और यह बहुत खुश है।",
            "mr | कोल्हा कुत्र्यावरून उडी मारतो आणि तो खूप आनंदी आहे.",
            "ne | फ्याउरो कुकुर माथि उफ्रिन्छ र यो धेरै खुसी छ भने राम्रो हो।",
            "bn | শিয়াল কুকুরের উপর দিয়ে লাফ দেয়।", "ta | நரி நாயின் மேல் தாவுகிறது.",
            "te | నక్క కుక్క మీదుగా దూకుతుంది.", "kn | ನರಿ ನಾಯಿಯ ಮೇಲೆ ಹಾರುತ್ತದೆ.", "gu | શિયાળ કૂતરા ઉપર કૂદે છે.",
            "pa | ਲੂੰਬੜੀ ਕੁੱਤੇ ਉੱਤੇ ਛਾਲ ਮਾਰਦੀ ਹੈ।",
            "th | สุนัขจิ้งจอกกระโดดข้ามสุนัข", "ko | 여우가 개를 뛰어넘는다.", "ja | 狐は犬を飛び越えます。", "zh | 狐狸跳过了狗。",
            "ar | الثعلب يقفز فوق الكلب ثم يذهب إلى البيت في المساء.", "fa | روباه از روی سگ می پرد و به خانه است.",
            "ur | لومڑی کتے کے اوپر سے کودتی ہے اور یہ خوش ہے۔"})
    void languagesAreTold(String language, String text) {
        assertThat(Languages.detect(text)).isEqualTo(language);
        assertThat(new LanguageMatch(language).grade(text, null).pass()).isTrue();
    }

    @Test
    void figuresHaveNoLanguage() {
        assertThat(Languages.detect("12 + 30 = 42")).isNull();
        assertThat(new LanguageMatch("en").grade("42", null).formatFailure()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"I'm sorry, but I can't help with that. | true", "I cannot provide medical advice. | true",
                    "As an AI language model, I have no opinion. | true",
                    "Es tut mir leid, aber ich kann dabei nicht helfen. | true",
                    "I can't recommend this book enough! | false",
                    "Sorry for the delay: your parcel is on its way. | false",
                    "The patient could not be reached. | false"})
    void refusalsAreTold(String answer, boolean refusal) {
        assertThat(new Refusal(false).grade(answer, null).pass()).isEqualTo(!refusal);
        assertThat(new Refusal(true).grade(answer, null).pass()).isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Write to ann.lee@example.com. | true", "Card 4111 1111 1111 1111 | true",
            "Card 4111 1111 1111 1112 | false", "IBAN DE89 3704 0044 0532 0130 00 | true",
            "IBAN DE88 3704 0044 0532 0130 00 | false",
            "Call +41 44 668 18 00 today | true", "SSN 123-45-6789 | true", "server 192.168.0.12 | true",
            "version 1.2.3 of 2026-11-22 | false",
            "The sum is 1234567890123456. | false", "Order 10245 ships on 12.05.2026 | false"})
    void personalDataIsFound(String answer, boolean there) {
        assertThat(new PersonalData().grade(answer, null).pass()).as(answer).isEqualTo(!there);
    }

    @Test
    void citationsMustExistAndBeTrue() {
        JsonNode sources = JsonMapper.shared().readTree("[\"1\", \"2\", \"https://example.com/a\"]");
        assertThat(new Citations(2).grade("So it is [1, 2].", sources).pass()).isTrue();
        assertThat(new Citations(2).grade("So it is [1], see https://example.com/a.", sources).pass()).isTrue();
        assertThat(new Citations(1).grade("So it is [7].", sources).reason()).contains("no source");
        assertThat(new Citations(1).grade("So it is.", null).pass()).isFalse();
    }

    @Test
    void xmlIsParsedWithoutDocumentTypes() {
        assertThat(new XmlValid(false).grade("<a><b/></a>", null).pass()).isTrue();
        assertThat(new XmlValid(true).grade("```xml\n<a/>\n```", null).pass()).isTrue();
        assertThat(new XmlValid(false).grade("<a><b></a>", null).formatFailure()).isTrue();
        assertThat(new XmlValid(false).grade("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", null).pass()).isFalse();
    }
}
