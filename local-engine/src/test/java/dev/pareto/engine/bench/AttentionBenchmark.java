package dev.pareto.engine.bench;

import java.util.concurrent.TimeUnit;

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

import dev.pareto.engine.CacheType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.AttentionLoad;
import dev.pareto.engine.tensor.ComputePool;

/**
 * Attention alone, sixteen layers of 32 heads of 64 on 8 heads of keys and values as in a llama of 1B: microseconds a
 * token, for the one that comes after a context and for a chunk of 128 at its end. A token reads 268 MB of an F32 cache at
 * 4096, 134 MB of F16 and 75 MB of Q8_0; a quarter of each at 1024. Run it on an idle machine:
 * {@code mvn -Pbench -pl local-engine clean verify -Dbench=AttentionBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class AttentionBenchmark {

    private static final int CHUNK = 128;
    private static final int LAYERS = 16;

    @Param({"F32", "F16", "Q8_0"})
    public CacheType cache;

    @Param({"1024", "4096"})
    public int context;

    @Param({"1", "2"})
    public int threads;

    private ComputePool pool;
    private AttentionLoad one;
    private AttentionLoad chunk;

    @Setup
    public void fill() {
        pool = new ComputePool(threads);
        one = load(1);
        chunk = load(CHUNK);
    }

    private AttentionLoad load(int tokens) {
        return new AttentionLoad(32, 8, 64, LAYERS, cache, context, tokens, pool, Kernels.best());
    }

    @TearDown
    public void stop() {
        pool.close();
    }

    @Benchmark
    public float[] decode() {
        return one.run();
    }

    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public float[] prefill() {
        return chunk.run();
    }

    /** Runs all. */
    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().include(AttentionBenchmark.class.getName() + "\\.").build()).run();
    }
}
