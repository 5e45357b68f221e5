package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.model.RandomModel;
import dev.pareto.engine.tensor.ComputePool;

/**
 * Shared pages under a real decoder: what comes out is the same to the last bit. On scalar kernels, because the JVM sums
 * up the lanes of a vector in another order once it has compiled the code.
 */
final class PagedDecoderTest {

    @TempDir
    Path folder;
    private GgufFile file;
    private ComputePool pool;
    private Decoder decoder;

    @BeforeEach
    void load() throws IOException {
        var path = folder.resolve("random.gguf");
        new RandomModel(WeightType.Q8_0, FakeTokenizer.SIZE, 512, 2, 64, 4, 2, 96).write(path);
        file = GgufFile.open(path);
        pool = new ComputePool(2);
        decoder = Decoder.load(file, pool, Kernels.scalar());
    }

    @AfterEach
    void close() throws Exception {
        decoder.close();
        pool.close();
        file.close();
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerOnSharedPagesIsTheSameToTheLastBit(CacheType type) {
        var common = new SplittableRandom(1).ints(200, 0, 256).toArray();
        var first = extended(common, 30, 2);
        var second = extended(common, 60, 3);
        var third = extended(Arrays.copyOf(common, 70), 131, 4);
        var sharing = scheduler(type);
        var shared = new ArrayList<Heard>();
        for (var prompt : List.of(first, second, third)) {
            shared.add(answer(sharing, prompt));
        }
        assertThat(shared).extracting(heard -> heard.requireResult().cachedTokens()).containsExactly(0, 192, 64);
        for (int i = 0; i < 3; i++) {
            var alone = answer(scheduler(type), List.of(first, second, third).get(i));
            assertThat(alone.requireResult().cachedTokens()).isZero();
            assertThat(alone.logprobs()).hasSize(20);
            assertThat(shared.get(i).logprobs()).usingRecursiveComparison().isEqualTo(alone.logprobs());
        }
    }

    private static int[] extended(int[] beginning, int more, int seed) {
        var prompt = Arrays.copyOf(beginning, beginning.length + more);
        System.arraycopy(new SplittableRandom(seed).ints(more, 0, 256).toArray(), 0, prompt, beginning.length, more);
        return prompt;
    }

    private Scheduler scheduler(CacheType type) {
        var settings = Bench.settings(2, 2).withCacheType(type);
        return new Scheduler("random", new DecoderModel(decoder, type), new FakeTokenizer(), settings, () -> 0L,
                () -> 1L, Runnable::run);
    }

    /** Every token with the exact log-probabilities of twenty; ends of turn are not for random weights to choose. */
    private static Heard answer(Scheduler scheduler, int[] prompt) {
        var heard = new Heard();
        var sampling = new Sampling(0, 0, 1, 0, 1, 0, 0, 0, 7L, Map.of(FakeTokenizer.END, -100f));
        var _ = scheduler.submit(new GenerationRequest(prompt, 20, sampling, List.of(), 20, Duration.ofHours(1))
                .inPartition("one"), heard);
        while (scheduler.runOnce()) {
            assertThat(heard.ends).isLessThan(2);
        }
        return heard;
    }
}
