package dev.pareto.engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.model.KvCache;
import dev.pareto.engine.model.LogitsWanted;
import dev.pareto.engine.model.RandomModel;
import dev.pareto.engine.model.Slice;
import dev.pareto.engine.tensor.ComputePool;

/**
 * Tokens per second of a llama with 167 million random weights (12 layers of 1024, tied output of 32,000), on all cores:
 * a prompt of 128, one sequence token by token, eight sequences side by side. Scores are tokens per second. Run it on an
 * idle machine: {@code mvn -Pbench -pl local-engine clean verify -Dbench=DecodeBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecodeBenchmark {

    private static final int PROMPT = 128;
    private static final int STEPS = 8;
    private static final int SEQUENCES = 8;

    @Param({"Q8_0", "Q4_0"})
    public WeightType type;

    @Param({"false", "true"})
    public boolean copies;

    private Path path;
    private GgufFile file;
    private ComputePool pool;
    private Decoder decoder;
    private List<KvCache> caches;
    private int[] prompt;

    @Setup
    public void load() throws IOException {
        path = Files.createTempDirectory("pareto-bench").resolve("random.gguf");
        new RandomModel(type, 32_000, 2048, 12, 1024, 16, 4, 2816).write(path);
        file = GgufFile.open(path);
        pool = ComputePool.ofCores();
        decoder = Decoder.load(file, pool, Kernels.best(), copies ? Long.MAX_VALUE : 0);
        caches = IntStream.range(0, SEQUENCES).mapToObj(_ -> decoder.newCache(PROMPT + STEPS)).toList();
        prompt = new SplittableRandom(1).ints(PROMPT, 0, 32_000).toArray();
        for (var cache : caches) {
            decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, prompt)));
        }
    }

    @TearDown
    public void drop() throws IOException {
        decoder.close();
        pool.close();
        file.close();
        Files.delete(path);
        Files.delete(path.getParent());
    }

    @Benchmark
    @OperationsPerInvocation(PROMPT)
    public int prefill() {
        var cache = caches.getFirst();
        cache.truncate(0);
        return decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, prompt))).argMax(0);
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public int decodeOne() {
        var cache = caches.getFirst();
        cache.truncate(PROMPT);
        int token = 1;
        for (int i = 0; i < STEPS; i++) {
            token = decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, token))).argMax(0);
        }
        return token;
    }

    @Benchmark
    @OperationsPerInvocation(STEPS * SEQUENCES)
    public int decodeEight() {
        caches.forEach(cache -> cache.truncate(PROMPT));
        int token = 1;
        for (int i = 0; i < STEPS; i++) {
            int same = token;
            token = decoder.forward(caches.stream().map(cache -> Slice.of(cache, LogitsWanted.LAST, same)).toList())
                    .argMax(SEQUENCES - 1);
        }
        return token;
    }

    /** Runs all for every type. */
    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().include(DecodeBenchmark.class.getName() + "\\.").build()).run();
    }
}
