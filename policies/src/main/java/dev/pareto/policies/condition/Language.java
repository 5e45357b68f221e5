package dev.pareto.policies.condition;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells the language of a text where that is easy: by its script, and in Latin letters by how many of its words are among the commonest of
 * one language and of no other. It reads the beginning only and says nothing rather than guess; short texts and mixed ones stay untold.
 */
public final class Language {

    private static final int READ = 2_000;
    private static final int LEAST_WORDS = 3;
    private static final int LONGEST_WORD = 12;

    /** Frequent words of one language that are no frequent words of another one here. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            words("en", "the", "and", "are", "with", "this", "that", "what", "how", "for", "you", "have", "from",
                    "which", "please", "should"),
            words("de", "und", "der", "ist", "nicht", "ich", "mit", "ein", "eine", "auf", "wie", "für", "von",
                    "bitte", "sind", "oder"),
            words("fr", "les", "est", "et", "une", "dans", "pour", "vous", "pas", "avec", "sur", "quelle", "mon",
                    "cette", "nous", "qui"),
            words("es", "el", "los", "las", "cómo", "está", "pero", "qué", "muy", "hola", "usted", "puedo", "tengo",
                    "cuando", "donde", "y"),
            words("it", "il", "gli", "della", "che", "di", "sono", "questo", "perché", "mio", "alla", "nel", "anche",
                    "ciao", "quando", "è"),
            words("pt", "os", "uma", "não", "você", "são", "meu", "minha", "isso", "também", "ao", "pela", "olá",
                    "obrigado", "estou", "onde"),
            words("nl", "het", "een", "niet", "van", "ik", "op", "zijn", "voor", "hoe", "wat", "maar", "mijn",
                    "naar", "wij", "ook"))
            .entrySet()
            .stream()
            .flatMap(entry -> Arrays.stream(entry.getValue().split(" "))
                    .map(word -> Map.entry(word,
                            entry.getKey())))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private Language() {}

    private static Map.Entry<String, String> words(String language, String... words) {
        return Map.entry(language, String.join(" ", words));
    }

    /** An ISO 639-1 code; empty where it cannot be told. */
    public static String of(String text) {
        int end = Math.min(text.length(), READ);
        int letters = 0;
        Map<Script, Integer> scripts = new EnumMap<>(Script.class);
        for (int i = 0; i < end;) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (Character.isLetter(point)) {
                letters++;
                Script script = script(point);
                if (script != null) {
                    scripts.merge(script, 1, Integer::sum);
                }
            }
        }
        int latin = scripts.getOrDefault(Script.LATIN, 0);
        // Japanese mixes kana with Chinese characters, which alone are Chinese
        if (scripts.getOrDefault(Script.KANA, 0) * 10 > letters && latin * 2 < letters) {
            return "ja";
        }
        for (Script script : Script.values()) {
            if (!script.language.isEmpty() && scripts.getOrDefault(script, 0) * 10 > letters * 6) {
                return script.language;
            }
        }
        return latin * 10 > letters * 8 ? latin(text, end) : "";
    }

    /** Scripts that are one language's, or nearly; Cyrillic, Arabic and Devanagari are many languages'. */
    private enum Script {
        LATIN(""), KANA("ja"), HAN("zh"), HANGUL("ko"), GREEK("el"), HEBREW("he"), THAI("th"), GEORGIAN(
                "ka"), ARMENIAN("hy"), TAMIL("ta");

        private final String language;

        Script(String language) {
            this.language = language;
        }
    }

    private static @Nullable Script script(int point) {
        if (point < 0x250) {
            return Script.LATIN;
        }
        return switch (UnicodeScript.of(point)) {
            case LATIN -> Script.LATIN;
            case HIRAGANA, KATAKANA -> Script.KANA;
            case HAN -> Script.HAN;
            case HANGUL -> Script.HANGUL;
            case GREEK -> Script.GREEK;
            case HEBREW -> Script.HEBREW;
            case THAI -> Script.THAI;
            case GEORGIAN -> Script.GEORGIAN;
            case ARMENIAN -> Script.ARMENIAN;
            case TAMIL -> Script.TAMIL;
            default -> null;
        };
    }

    private static String latin(String text, int end) {
        Map<String, Integer> counts = new HashMap<>();
        int start = -1;
        for (int i = 0; i <= end; i++) {
            if (i < end && Character.isLetter(text.charAt(i))) {
                start = start < 0 ? i : start;
            } else if (start >= 0) {
                if (i - start <= LONGEST_WORD) {
                    String language = WORDS.get(text.substring(start, i).toLowerCase(Locale.ROOT));
                    if (language != null) {
                        counts.merge(language, 1, Integer::sum);
                    }
                }
                start = -1;
            }
        }
        String best = "";
        int most = 0;
        int second = 0;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > most) {
                second = most;
                most = entry.getValue();
                best = entry.getKey();
            } else {
                second = Math.max(second, entry.getValue());
            }
        }
        return most >= LEAST_WORDS && most >= 3 * second ? best : "";
    }
}
