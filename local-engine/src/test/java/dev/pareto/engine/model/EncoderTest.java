package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.Oracle;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.blueprint.Pooling;
import dev.pareto.engine.tensor.ComputePool;

/** Encoders token by token; texts and pooling are {@code TextReadingTest}'s. */
final class EncoderTest {

    @TempDir
    Path folder;

    @FunctionalInterface
    private interface Step {
        void run(Decoder decoder) throws Exception;
    }

    private void with(String name, int pooling, Kernels kernels, Step step) throws Exception {
        try (var file = GgufFile.open(Oracle.model(folder, name, pooling));
                var pool = new ComputePool(2);
                var decoder = Decoder.load(file, pool, kernels)) {
            step.run(decoder);
        }
    }

    private static float[] flat(float[][] rows, int from, int count) {
        var flat = new float[count * rows[0].length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows[from + i], 0, flat, i * rows[0].length, rows[0].length);
        }
        return flat;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "nomic-bert", "jina-bert-v2"})
    void statesAreTheOraclesAloneAndBesideOtherTexts(String name) throws Exception {
        var oracle = Oracle.read(name);
        var tokens = oracle.texts().getFirst().tokens();
        var longer = oracle.texts().getLast().tokens();
        for (var kernels : List.of(Kernels.scalar(), Kernels.best())) {
            with(name, 1, kernels, decoder -> {
                var alone = decoder.states(List.of(Slice.of(decoder.newCache(20), LogitsWanted.ALL, tokens)));
                assertThat(Oracle.nmse(flat(alone, 0, tokens.length), oracle.states())).isLessThan(1e-9);

                var beside = decoder.states(List.of(Slice.of(decoder.newCache(120), LogitsWanted.ALL, longer),
                        Slice.of(decoder.newCache(20), LogitsWanted.ALL, tokens)));
                assertThat(Oracle.nmse(flat(beside, longer.length, tokens.length), oracle.states())).isLessThan(1e-9);
            });
        }
    }

    @Test
    void theSecondOfTwoTextsHasRowsOfItsOwnAndTheClassifierIsTheOracles() throws Exception {
        var oracle = Oracle.read("bert");
        with("bert", 4, Kernels.best(), decoder -> {
            assertThat(decoder.reading()).isEqualTo(new ReadingShape(true, Pooling.RANK, 1, false));
            for (var pair : oracle.pairs()) {
                var tokens = pair.tokens();
                var states = decoder.states(List.of(new Slice(decoder.newCache(120), tokens, 0, tokens.length,
                        LogitsWanted.ALL, pair.second())));
                assertThat((double) decoder.classify(states[0])[0]).isCloseTo(pair.score(), within(1e-5));
                var asOne = decoder.states(List.of(Slice.of(decoder.newCache(120), LogitsWanted.ALL, tokens)));
                assertThat(Math.abs(decoder.classify(asOne[0])[0] - pair.score())).isGreaterThan(1e-2);
            }
        });
    }

    @Test
    void anEncoderHasNoLogitsAndReadsATextAtOnce() throws Exception {
        with("bert", 1, Kernels.best(), decoder -> {
            var cache = decoder.newCache(10);
            // One layer's keys and values do for all of them.
            assertThat(decoder.shape().cacheFloatsPerToken()).isEqualTo(2 * 48);
            assertThat(decoder.maxBatch()).isEqualTo(512);
            assertThatThrownBy(() -> decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, 1))))
                    .isInstanceOf(IllegalStateException.class);
            decoder.states(List.of(Slice.of(cache, LogitsWanted.ALL, 1, 2)));
            assertThatThrownBy(() -> decoder.states(List.of(Slice.of(cache, LogitsWanted.ALL, 3))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("an encoder reads it at once");
        });
        with("nomic-bert", 1, Kernels.best(), decoder -> assertThatThrownBy(() -> decoder.classify(new float[48]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no classifier"));
    }
}
