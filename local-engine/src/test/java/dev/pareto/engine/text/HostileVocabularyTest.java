package dev.pareto.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.fuzz.Watched;
import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufWriter;
import dev.pareto.engine.gguf.InMemory;

/** Vocabularies and texts that were written to hurt cost no more than their size. */
final class HostileVocabularyTest {

    private static final int CHARACTERS = 100_000;

    /** Within the bounds of {@link TokenizerFuzz}. */
    private static void bounded(String options, String tokens, String text) {
        assertThatCode(() -> TokenizerFuzz.fuzzerTestOneInput(
                (options + "\n--\n" + tokens + "\n--\na b\n--\n" + text).getBytes(StandardCharsets.UTF_8)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-bpe", "qwen2", "qwen35", "gpt-4o", "tekken", "starcoder", "bloom", "viking",
            "deepseek-v3", "bailingmoe", "seed-coder", "falcon", "default", "deepseek-coder", "deepseek-llm"})
    void wordsAreCutInTimeThatGrowsWithTheText(String name) {
        var words = Objects.requireNonNull(PreTokenizers.find(name)).words();
        for (var run : List.of(" ", "\n", " \n", "a", "A", "1", "!", "'", "中", "\u0301", "\t")) {
            for (var end : List.of("1", "a", "!")) {
                var text = run.repeat(CHARACTERS / run.length()) + end;
                var covered = new int[1];
                Watched.run(text.length(), 64 << 20, GgufException.class,
                        () -> words.split(text, 0, text.length(), (from, to) -> covered[0] += to - from));
                assertThat(covered[0]).isEqualTo(text.length());
            }
        }
    }

    @Test
    void aLongPieceOfAWordIsNotTriedAtEveryLengthAtEveryPlace() {
        bounded("model=bert bos_token_id=0 unknown_token_id=0 seperator_token_id=0",
                "2a[UNK]\n1a▁" + "a".repeat(4_000) + "b\n1aa\n1a▁a\n1a" + "a".repeat(4_000) + "c", "a".repeat(20_000));
    }

    @Test
    void aCharacterIsNotReplacedByMegabytes() {
        // A map of one character: 'a' to a text of 30,000.
        var units = new int[256];
        units[0] = 1 << 10;
        units['a' ^ 1] = 'a' | 1 << 8 | 2 << 10;
        units['a' ^ 1 ^ 2] = 0x8000_0000;
        var map = new GgufWriter().u32(4 * units.length);
        for (int unit : units) {
            map.u32(unit);
        }
        map.bytes("x".repeat(30_000).getBytes(StandardCharsets.UTF_8)).u8(0);
        bounded("model=t5 unknown_token_id=0 eos_token_id=0 precompiled_charsmap=x"
                + HexFormat.of().formatHex(map.toByteArray()), "2a[UNK]\n1ax", "a".repeat(30_000));
    }

    @Test
    void aTokenOfThousandsOfCharactersIsRefused() {
        var file = GgufWriter.file(0, 2)
                .key("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", List.of("a", "b".repeat(4_097)))
                .toByteArray();
        assertThatThrownBy(() -> Tokenizer.of(InMemory.metadata(file))).isInstanceOf(GgufException.class)
                .hasMessageContaining("4097 characters at 1");
    }
}
