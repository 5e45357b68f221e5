package dev.pareto.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reference text gives exactly the ids of llama.cpp. */
final class TokenizerVectorsTest {

    @ParameterizedTest
    @ValueSource(strings = {"llama-bpe", "llama-spm", "gpt-2", "phi-3", "qwen2", "mpt", "falcon", "deepseek-coder",
            "deepseek-llm", "bert-bge"})
    void encodesTheVocabularyTestsOfLlamaCpp(String vocabulary) throws IOException {
        var tokenizer = ReferenceVectors.tokenizer(vocabulary);
        var cases = ReferenceVectors.cases(vocabulary);
        assertThat(cases).hasSize(46)
                .allSatisfy(
                        testCase -> assertThat(tokenizer.encode(testCase.text(), false))
                                .containsExactly(testCase.ids()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-bpe", "llama-spm", "gpt-2", "stories260K-F32", "phi-3", "qwen2", "mpt", "falcon",
            "deepseek-coder", "deepseek-llm", "aquila", "gpt-neox", "baichuan"})
    void encodesFurtherTextsAsLlamaCppDoesAndGivesTheirBytesBack(String vocabulary) throws IOException {
        var tokenizer = ReferenceVectors.tokenizer(vocabulary);
        assertThat(ReferenceVectors.extra(vocabulary)).hasSize(200).allSatisfy(record -> {
            var text = new String(record.text(), StandardCharsets.UTF_8);
            assertThat(tokenizer.encode(text, false)).containsExactly(record.plain());
            assertThat(tokenizer.encode(List.of(new Segment(text, true)), true)).containsExactly(record.special());
            assertThat(tokenizer.decodeBytes(record.plain())).containsExactly(record.text());
        });
    }

    /** BERT's tokens keep neither case nor accents nor white space, so the text does not come back. */
    @Test
    void encodesFurtherTextsForBertAsLlamaCppDoes() throws IOException {
        var tokenizer = ReferenceVectors.tokenizer("bert-bge");
        assertThat(ReferenceVectors.extra("bert-bge")).hasSize(200).allSatisfy(record -> {
            var text = new String(record.text(), StandardCharsets.UTF_8);
            assertThat(tokenizer.encode(text, false)).containsExactly(record.plain());
            assertThat(tokenizer.encode(List.of(new Segment(text, true)), true)).containsExactly(record.special());
        });
    }

    /**
     * llama.cpp cleans up spaces ("word ." becomes "word.") for vocabularies whose pre-tokenizer it knows to want
     * that. We give the true bytes; this holds that the clean-up is all that we differ in.
     */
    @ParameterizedTest
    @ValueSource(strings = {"llama-bpe", "gpt-2", "llama-spm", "falcon"})
    void differsFromLlamaCppInDecodingOnlyByTheCleanUpOfSpaces(String vocabulary) throws IOException {
        var tokenizer = ReferenceVectors.tokenizer(vocabulary);
        boolean cleans = !vocabulary.equals("llama-spm");
        assertThat(ReferenceVectors.extra(vocabulary)).allSatisfy(record -> {
            var decoded = new String(tokenizer.decodeBytes(record.plain()), StandardCharsets.ISO_8859_1);
            var expected = new String(record.back(), StandardCharsets.ISO_8859_1);
            assertThat(cleans ? cleanUp(decoded) : decoded).isEqualTo(expected);
        });
    }

    private static String cleanUp(String text) {
        return text.replaceAll(" ([?!.,])", "$1").replaceAll(" ' ", "'").replaceAll(" '(s|m|re|ve)", "'$1");
    }
}
