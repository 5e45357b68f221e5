package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.tensor.Blocks;
import dev.pareto.engine.tensor.ComputePool;

/** Several sequences at once, caches and refusals; the numbers themselves are held by the golden models. */
final class DecoderTest {

    private static final int VOCABULARY = 100;

    @TempDir
    Path folder;
    private GgufFile file;
    private ComputePool pool;
    private Decoder decoder;

    @BeforeEach
    void load() throws IOException {
        var path = folder.resolve("random.gguf");
        new RandomModel(WeightType.Q8_0, VOCABULARY, 300, 2, 64, 4, 2, 96).write(path);
        file = GgufFile.open(path);
        pool = new ComputePool(2);
        decoder = Decoder.load(file, pool);
    }

    @AfterEach
    void close() throws Exception {
        decoder.close();
        pool.close();
        file.close();
    }

    private static int[] tokens(int seed, int count) {
        return new SplittableRandom(seed).ints(count, 0, VOCABULARY).toArray();
    }

    private float[] alone(int... tokens) {
        try (var cache = decoder.newCache(300)) {
            return decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, tokens))).copy(0);
        }
    }

    private static void assertSame(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f * (1 + Math.abs(expected[i]))));
        }
    }

    @Test
    void theShapeIsThatOfTheFile() {
        assertThat(decoder.shape()).isEqualTo(new ModelShape("llama", VOCABULARY, 300, 2, 64, 2 * 2 * (16 + 16),
                100 * 64 + 64 + 2 * (64 + 64 * 64 * 2 + 64 * 32 * 2 + 64 + 3 * 64 * 96L),
                file.tensors().stream().mapToLong(tensor -> tensor.bytes()).sum()));
    }

    @Test
    void aPromptInPiecesGivesWhatItGivesAtOnce() {
        var tokens = tokens(1, 150);
        var expected = alone(tokens);
        try (var cache = decoder.newCache(150)) {
            int at = 0;
            for (int piece : new int[]{1, 70, 5, 73, 1}) {
                var logits = decoder.forward(List.of(new Slice(cache, tokens, at, at + piece, LogitsWanted.LAST)));
                at += piece;
                assertThat(cache.length()).isEqualTo(at);
                if (at == tokens.length) {
                    assertSame(logits.copy(0), expected);
                }
            }
        }
    }

    @Test
    void sequencesInOneBatchDoNotSeeEachOther() {
        var first = tokens(2, 90);
        var second = tokens(3, 17);
        var third = tokens(4, 65);
        try (var a = decoder.newCache(100); var b = decoder.newCache(100); var c = decoder.newCache(100)) {
            decoder.forward(List.of(new Slice(a, first, 0, 89, LogitsWanted.NONE),
                    new Slice(c, third, 0, 1, LogitsWanted.NONE)));
            var logits = decoder.forward(List.of(new Slice(a, first, 89, 90, LogitsWanted.LAST),
                    Slice.of(b, LogitsWanted.ALL, second), new Slice(c, third, 1, 65, LogitsWanted.LAST)));

            assertThat(logits.rows()).isEqualTo(19);
            assertThat(logits.firstRow(1)).isEqualTo(1);
            assertThat(logits.firstRow(2)).isEqualTo(18);
            assertSame(logits.copy(0), alone(first));
            // Computing it anew has overwritten the buffer, so the batch runs once more.
            List.of(a, b, c).forEach(cache -> cache.truncate(cache == a ? 89 : cache == b ? 0 : 1));
            logits = decoder.forward(List.of(new Slice(a, first, 89, 90, LogitsWanted.LAST),
                    Slice.of(b, LogitsWanted.ALL, second), new Slice(c, third, 1, 65, LogitsWanted.LAST)));
            var rows = List.of(logits.copy(5), logits.copy(17), logits.copy(18));
            assertSame(rows.get(0), alone(Arrays.copyOf(second, 5)));
            assertSame(rows.get(1), alone(second));
            assertSame(rows.get(2), alone(third));
        }
    }

    @Test
    void aTruncatedCacheForgets() {
        var kept = tokens(5, 70);
        try (var cache = decoder.newCache(200)) {
            decoder.forward(List.of(Slice.of(cache, LogitsWanted.NONE, kept)));
            decoder.forward(List.of(Slice.of(cache, LogitsWanted.NONE, tokens(6, 100))));
            long bytes = cache.bytes();
            assertThat(bytes).isEqualTo(3 * 64 * decoder.shape().cacheFloatsPerToken() * Float.BYTES);
            cache.truncate(70);
            var logits = decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, 7))).copy(0);
            assertThat(cache.length()).isEqualTo(71);
            assertThat(cache.bytes()).isEqualTo(bytes);
            var all = Arrays.copyOf(kept, 71);
            all[70] = 7;
            assertSame(logits, alone(all));
            assertThatThrownBy(() -> cache.truncate(72)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSequenceOnAnothersPagesGoesOnAsIfItHadComputedThem(CacheType type) {
        var tokens = tokens(8, 150);
        var expected = new ArrayList<float[]>();
        // Scalar kernels: vectors' lanes are summed up in another order once the code is compiled.
        try (var exact = Decoder.load(file, pool, Kernels.scalar());
                var own = exact.newCache(200, null);
                var sharing = exact.newCache(200, null)) {
            var pages = Stream.generate(() -> exact.newPage(type)).limit(3).toList();
            pages.forEach(own::add);
            exact.forward(List.of(new Slice(own, tokens, 0, 128, LogitsWanted.NONE)));
            var logits = exact.forward(List.of(new Slice(own, tokens, 128, 150, LogitsWanted.ALL)));
            for (int row = 0; row < 22; row++) {
                expected.add(logits.copy(row));
            }
            sharing.addFull(pages.get(0));
            sharing.addFull(pages.get(1));
            assertThat(sharing.length()).isEqualTo(128);
            assertThatThrownBy(() -> exact.forward(List.of(Slice.of(sharing, LogitsWanted.LAST, 1))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2 pages for 128 tokens");
            sharing.add(exact.newPage(type));
            logits = exact.forward(List.of(new Slice(sharing, tokens, 128, 150, LogitsWanted.ALL)));
            for (int row = 0; row < 22; row++) {
                assertThat(logits.copy(row)).containsExactly(expected.get(row));
            }
            assertThatThrownBy(() -> sharing.addFull(exact.newPage(type))).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a full page after 150 tokens");
            assertThatThrownBy(() -> sharing.add(decoder.newPage(type)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another decoder");
        }
    }

    /** Heads of 16: two bytes a number, or one and a scale of four bytes for all. */
    @ParameterizedTest
    @CsvSource({"F16, 32, 1e-12, 1e-5", "Q8_0, 20, 1e-8, 1e-3"})
    void smallerNumbersInTheCacheTakeLessMemoryAndChangeLittle(CacheType type, int bytesOfAHead, double least,
            double most) {
        var tokens = tokens(9, 140);
        var expected = alone(tokens);
        try (var cache = decoder.newCache(140, type)) {
            var actual = decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, tokens))).copy(0);
            assertThat(cache.bytes()).isEqualTo(3 * 64 * decoder.shape().cacheFloatsPerToken() / 16 * bytesOfAHead);
            double errors = 0;
            double squares = 0;
            for (int i = 0; i < actual.length; i++) {
                errors += Math.pow(actual[i] - expected[i], 2);
                squares += Math.pow(expected[i], 2);
            }
            assertThat(errors / squares).isBetween(least, most);
        }
    }

    @Test
    void statesAreThoseThatTheLogitsComeFrom() {
        var tokens = tokens(7, 9);
        try (var a = decoder.newCache(20); var b = decoder.newCache(20)) {
            var states = decoder.states(List.of(Slice.of(a, LogitsWanted.ALL, tokens)));
            var logits = decoder.forward(List.of(Slice.of(b, LogitsWanted.ALL, tokens)));
            assertThat(states.length).isEqualTo(9);
            assertThat(states[0]).hasSize(64);
            assertThat(a.length()).isEqualTo(9);
            // The output is tied to the embedding, whose rows are all that is between a state and its logits.
            var row = new float[64];
            var embedding = file.requireTensor("token_embd.weight");
            Blocks.dequantise(embedding.type(), file.data(embedding), 0, 64, row, 0);
            double sum = 0;
            for (int i = 0; i < 64; i++) {
                sum += (double) row[i] * states[8][i];
            }
            assertThat((double) logits.copy(8)[0]).isCloseTo(sum, within(1e-4));
        }
    }

    @Test
    void badBatchesAreRefusedAndLeaveTheCachesAlone() {
        try (var cache = decoder.newCache(10); var other = Decoder.load(file, pool).newCache(10)) {
            decoder.forward(List.of(Slice.of(cache, LogitsWanted.NONE, 1, 2, 3)));
            assertRefused("the vocabulary ends at 99", Slice.of(cache, LogitsWanted.LAST, 100));
            assertRefused("the vocabulary ends at 99", Slice.of(cache, LogitsWanted.LAST, -1));
            assertRefused("there is no room for 8 more", Slice.of(cache, LogitsWanted.LAST, tokens(1, 8)));
            assertRefused("1 to 512 are allowed", Slice.of(cache, LogitsWanted.LAST, tokens(1, 513)));
            assertRefused("1 to 512 are allowed");
            assertRefused("cache of another decoder", Slice.of(other, LogitsWanted.LAST, 1));
            assertRefused("cache of a slice before it", Slice.of(cache, LogitsWanted.LAST, 1),
                    Slice.of(cache, LogitsWanted.LAST, 1));
            assertThat(cache.length()).isEqualTo(3);
            assertThat(other.length()).isZero();
            assertThatThrownBy(() -> decoder.newCache(301)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 300");
        }
        var closed = decoder.newCache(10);
        closed.close();
        assertThatThrownBy(() -> decoder.forward(List.of(Slice.of(closed, LogitsWanted.LAST, 1))))
                .isInstanceOf(IllegalStateException.class);
    }

    private void assertRefused(String reason, Slice... slices) {
        assertThatThrownBy(() -> decoder.forward(List.of(slices))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
