package dev.pareto.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.GgufWriter;

/** Kinds of tokenizers of which no vocabulary with references is at hand: small ones, worked out by hand. */
final class SmallVocabularyTest {

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int BYTE = 6;

    @TempDir
    Path folder;

    private record Entry(String name, int kind, float score) {}

    @Test
    void unigramTakesTheCutWithTheBestSum() throws IOException {
        // "▁ab" + "c" = -3 beats "▁a" + "bc" = -3.5 and "▁" + "abc" = -9.
        var tokenizer = unigram(List.of(), false);
        assertThat(tokenizer.encode("abc", false)).containsExactly(6, 7);
        assertThat(tokenizer.encode("bc bc", false)).containsExactly(3, 5, 3, 5);
        assertThat(tokenizer.decode(new int[]{3, 5, 3, 5})).isEqualTo("bc bc");
        assertThat(tokenizer.encode(List.of(new Segment("abc", false)), true)).containsExactly(6, 7, 1);
    }

    @Test
    void theEndOfAMessageDoesNotEndAnAnswerOfHarmony() throws IOException {
        var end = new Entry("<|end|>", CONTROL, 0);
        var phi = unigram(List.of(end), false);
        var harmony = unigram(List.of(end, new Entry("<|return|>", CONTROL, 0), new Entry("<|call|>", CONTROL, 0)),
                false);

        assertThat(phi.isEndOfGeneration(token(phi, "<|end|>"))).isTrue();
        assertThat(harmony.isEndOfGeneration(token(harmony, "<|end|>"))).isFalse();
        assertThat(harmony.isControl(token(harmony, "<|end|>"))).isTrue();
        assertThat(harmony.isEndOfGeneration(token(harmony, "<|call|>"))).isTrue();
        assertThat(harmony.isEndOfGeneration(token(harmony, "<|return|>"))).isTrue();
    }

    private static int token(Tokenizer tokenizer, String name) {
        return Objects.requireNonNull(tokenizer.find(name), name);
    }

    @Test
    void unigramMakesOneUnknownTokenOfNeighbours() throws IOException {
        var tokenizer = unigram(List.of(), false);
        assertThat(tokenizer.encode("c€€xc", false)).containsExactly(3, 7, 2, 7);
    }

    @Test
    void unigramPrefersUserDefinedPiecesAndMergesSpacesOnlyIfAsked() throws IOException {
        assertThat(unigram(List.of(), false).encode("c  c", false)).containsExactly(3, 7, 3, 3, 7);
        assertThat(unigram(List.of(), true).encode("  c   c ", false)).containsExactly(3, 7, 3, 7);
        assertThat(unigram(List.of(new Entry("abcabc", USER_DEFINED, 0)), false).encode("xabcabc", false))
                .containsExactly(3, 2, 9);
    }

    @Test
    void unigramAgreesWithTryingEveryCut() throws IOException {
        var random = new Random(4);
        var letters = List.of(new Entry("a", NORMAL, -3), new Entry("b", NORMAL, -2.5f));
        var entries = unigramEntries(letters);
        var tokenizer = unigram(letters, false);
        for (int i = 0; i < 300; i++) {
            var text = random.ints(random.nextInt(1, 9), 'a', 'd')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            int[] tokens = tokenizer.encode(text, false);
            double sum = IntStream.of(tokens).mapToDouble(token -> entries.get(token).score()).sum();
            assertThat(sum).as(text).isEqualTo(best("▁" + text, entries));
        }
    }

    @Test
    void unigramIsLinearInTheText() throws IOException {
        var tokenizer = unigram(List.of(), false);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> tokenizer.encode("abcb".repeat(1 << 18), false));
    }

    @Test
    void theCharacterMapReplacesTheLongestPrefixAndIsChecked() throws IOException {
        // Units of a double array that maps "A" to "a": root, then 'A' at offset 65 ^ 1, its value one further.
        var map = new int[256];
        map[0] = 1 << 10;
        map['A' ^ 1] = 'A' | 1 << 8 | 2 << 10;
        map['A' ^ 1 ^ 2] = 0x8000_0000;
        var tokenizer = open(writer(9, unigramEntries(List.of()), "t5", 1).key("tokenizer.ggml.add_space_prefix", 7)
                .u8(1), map, "a\0".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.encode("AbA", false)).containsExactly(tokenizer.encode("aba", false));
        assertThat(tokenizer.encode("B", false)).containsExactly(3, 2);
        assertThatThrownBy(() -> open(writer(9, unigramEntries(List.of()), "t5", 1)
                .key("tokenizer.ggml.add_space_prefix", 7)
                .u8(1), map, new byte[]{'a'}))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("within a replacement");
    }

    @Test
    void gemma4MergesCharactersInOrderOfRank() throws IOException {
        var tokenizer = gemma();
        // "h▁" has no merge; "a b" comes first, then "ab c": "abc" is one token.
        assertThat(tokenizer.encode("abc", false)).containsExactly(8);
        assertThat(tokenizer.encode("ab bc", false)).containsExactly(7, 6, 4, 5);
        assertThat(tokenizer.encode("a\n\nb", false)).containsExactly(3, 10, 4);
        assertThat(tokenizer.encode("é", false)).containsExactly(11, 12);
        assertThat(tokenizer.decode(tokenizer.encode("ab bc\n\né", false))).isEqualTo("ab bc\n\né");
        assertThat(tokenizer.encode(List.of(new Segment("abc<eos>", true)), true)).containsExactly(2, 8, 1);
    }

    @Test
    void gemma4BeginsTextsWhateverTheFileSaysAndStrikesOutInThem() throws IOException {
        var entries = List.of(new Entry("<eos>", CONTROL, 0), new Entry("<bos>", CONTROL, 0),
                new Entry("<|tool_response>", CONTROL, 0), new Entry("</s>", NORMAL, 0), new Entry("<", NORMAL, 0),
                new Entry("/", NORMAL, 0), new Entry("s", NORMAL, 0), new Entry(">", NORMAL, 0));
        var tokenizer = open(writer(8, entries, "gemma4", 0).uint32("tokenizer.ggml.bos_token_id", 1)
                .bool("tokenizer.ggml.add_bos_token", false)
                .strings("tokenizer.ggml.merges", List.of("s /")));

        assertThat(tokenizer.encode(List.of(new Segment("</s>", true)), true)).containsExactly(1, 4, 5, 6, 7);
        assertThat(tokenizer.isEndOfGeneration(3)).isFalse();
        assertThat(tokenizer.isControl(3)).isFalse();
        assertThat(tokenizer.isEndOfGeneration(2)).isTrue();
    }

    @Test
    void wordPieceHasItsOwnFrameWhateverTheFileSays() throws IOException {
        var entries = List.of(new Entry("[CLS]", CONTROL, 0), new Entry("[SEP]", CONTROL, 0),
                new Entry("[UNK]", UNKNOWN, 0), new Entry("\u2581a", NORMAL, 0));
        var tokenizer = open(writer(10, entries, "bert", 1).uint32("tokenizer.ggml.bos_token_id", 0)
                .uint32("tokenizer.ggml.seperator_token_id", 1)
                .uint32("tokenizer.ggml.unknown_token_id", 2)
                .bool("tokenizer.ggml.add_bos_token", false)
                .bool("tokenizer.ggml.add_eos_token", true)
                .bool("tokenizer.ggml.add_sep_token", false));

        assertThat(tokenizer.encode(List.of(new Segment("a a", true)), true)).containsExactly(0, 3, 3, 1);
    }

    @Test
    void mostSpecialTokensOfPhi3SwallowTheSpaceBehindThem() throws IOException {
        var entries = List.of(new Entry("<unk>", UNKNOWN, 0), new Entry("<s>", CONTROL, 0),
                new Entry("</s>", CONTROL, 0), new Entry("<|endoftext|>", CONTROL, 0),
                new Entry("<|user|>", CONTROL, 0), new Entry("\u2581", NORMAL, 0), new Entry("a", NORMAL, 0),
                new Entry("\u2581a", NORMAL, 1));
        var tokenizer = open(writer(7, entries, "llama", 2).key("general.name", "Phi-3 mini")
                .bool("tokenizer.ggml.add_space_prefix", false));

        assertThat(tokenizer.encode("<|user|>  a</s> a<s> a<|endoftext|> a", true))
                .containsExactly(4, 6, 2, 6, 1, 7, 3, 7);
        assertThat(tokenizer.encode("<|endoftext|> <|user|> <|user|>", true)).containsExactly(3, 5, 4, 4);
    }

    @Test
    void scoresMayBeWholeNumbers() throws IOException {
        var entries = List.of(new Entry("<unk>", UNKNOWN, 0), new Entry("a", NORMAL, 0), new Entry("b", NORMAL, 0),
                new Entry("c", NORMAL, 0), new Entry("ab", NORMAL, 0), new Entry("bc", NORMAL, 0));
        var writer = GgufWriter.file(0, 5)
                .key("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", entries.stream().map(Entry::name).toList())
                .int32s("tokenizer.ggml.scores", new int[]{0, 0, 0, 0, -2, -1})
                .int32s("tokenizer.ggml.token_type", entries.stream().mapToInt(Entry::kind).toArray())
                .bool("tokenizer.ggml.add_space_prefix", false);

        assertThat(open(writer).encode("abc", false)).containsExactly(1, 5);
    }

    private Tokenizer gemma() throws IOException {
        var entries = List.of(new Entry("<pad>", CONTROL, 0), new Entry("<eos>", CONTROL, 0),
                new Entry("<bos>", CONTROL, 0), new Entry("a", NORMAL, 0), new Entry("b", NORMAL, 0),
                new Entry("c", NORMAL, 0), new Entry("▁", NORMAL, 0), new Entry("ab", NORMAL, 0),
                new Entry("abc", NORMAL, 0), new Entry("\n", NORMAL, 0), new Entry("\n\n", NORMAL, 0),
                new Entry("<0xC3>", BYTE, 0), new Entry("<0xA9>", BYTE, 0));
        var writer = writer(7, entries, "gemma4", 1).uint32("tokenizer.ggml.bos_token_id", 2)
                .strings("tokenizer.ggml.merges", List.of("a b", "ab c"));
        return open(writer);
    }

    private Tokenizer unigram(List<Entry> further, boolean mergeSpaces) throws IOException {
        var writer = writer(7, unigramEntries(further), "t5", 1).key("tokenizer.ggml.add_space_prefix", 7)
                .u8(1)
                .key("tokenizer.ggml.remove_extra_whitespaces", 7)
                .u8(mergeSpaces ? 1 : 0);
        return open(writer);
    }

    private static List<Entry> unigramEntries(List<Entry> further) {
        var entries = new ArrayList<>(List.of(new Entry("<pad>", CONTROL, 0),
                new Entry("</s>", CONTROL, 0), new Entry("<unk>", UNKNOWN, 0), new Entry("▁", NORMAL, -1),
                new Entry("▁a", NORMAL, -2), new Entry("bc", NORMAL, -1.5f), new Entry("▁ab", NORMAL, -1.5f),
                new Entry("c", NORMAL, -1.5f), new Entry("abc", NORMAL, -8)));
        entries.addAll(further);
        return entries;
    }

    /** The best sum by trying every piece at every place. */
    private static double best(String text, List<Entry> entries) {
        double[] sums = new double[text.length() + 1];
        for (int from = text.length() - 1; from >= 0; from--) {
            sums[from] = Double.NEGATIVE_INFINITY;
            for (var entry : entries) {
                if (entry.kind() == NORMAL && text.startsWith(entry.name(), from)) {
                    sums[from] = Math.max(sums[from], entry.score() + sums[from + entry.name().length()]);
                }
            }
        }
        return sums[0];
    }

    private static GgufWriter writer(int keys, List<Entry> entries, String model, int end) {
        var writer = GgufWriter.file(0, keys)
                .key("tokenizer.ggml.model", model)
                .uint32("tokenizer.ggml.eos_token_id", end)
                .strings("tokenizer.ggml.tokens", entries.stream().map(Entry::name).toList());
        writer.key("tokenizer.ggml.scores", 9).u32(6).u64(entries.size());
        entries.forEach(entry -> writer.f32(entry.score()));
        writer.key("tokenizer.ggml.token_type", 9).u32(5).u64(entries.size());
        entries.forEach(entry -> writer.u32(entry.kind()));
        return writer;
    }

    private Tokenizer open(GgufWriter writer) throws IOException {
        var path = folder.resolve("small.gguf");
        Files.write(path, writer.pad(32).toByteArray());
        try (var file = GgufFile.open(path)) {
            return Tokenizer.of(file.metadata());
        }
    }

    private Tokenizer open(GgufWriter writer, int[] units, byte[] replacements) throws IOException {
        writer.key("tokenizer.ggml.remove_extra_whitespaces", 7).u8(0).uint32("tokenizer.ggml.unknown_token_id", 2);
        writer.key("tokenizer.ggml.precompiled_charsmap", 9).u32(0).u64(4 + 4L * units.length + replacements.length);
        writer.u32(4 * units.length);
        for (int unit : units) {
            writer.u32(unit);
        }
        return open(writer.bytes(replacements));
    }
}
