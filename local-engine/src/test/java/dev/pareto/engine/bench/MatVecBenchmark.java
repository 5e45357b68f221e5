package dev.pareto.engine.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
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

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.kernel.Activations;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.RandomWeights;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * Matrix times vector on one core, in the file's layout and where there is one from an interleaved copy, beside a bare
 * read of the same bytes: the share of the memory's bandwidth that decoding one sequence can reach. The table at the end counts seconds of the thread's CPU time, so that neighbours
 * on the machine falsify it less; JMH's own scores are wall-clock. Run it on an idle machine all the same:
 * {@code mvn -Pbench -pl local-engine clean verify -Dbench=MatVecBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class MatVecBenchmark {

    /** Four times the third-level cache of the machine it was written on. */
    private static final long BYTES = 128L << 20;
    private static final int COLUMNS = 2048;
    private static final int CHUNK = 64;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    @Param({"F16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "IQ4_NL", "MXFP4", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
            "IQ4_XS"})
    public WeightType type;

    private final Kernels kernels = Kernels.best();
    private final float[] x = new float[COLUMNS];
    private final Activations rounded = new Activations();
    private Arena arena;
    private WeightMatrix matrix;
    private Interleaved copy;
    private float[] y;

    /** CPU time and calls of an iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cpu {

        public long nanos;
        public long calls;

        void add(long started) {
            nanos += THREADS.getCurrentThreadCpuTime() - started;
            calls++;
        }
    }

    @Setup
    public void makeWeights() {
        var random = new SplittableRandom(1);
        arena = Arena.ofShared();
        int rows = rows(type);
        matrix = new WeightMatrix("random", type, rows, COLUMNS,
                RandomWeights.of(type, (long) rows * COLUMNS, random, arena));
        if (Interleaved.supports(type)) {
            copy = new Interleaved(matrix, arena.allocate(Interleaved.bytes(matrix), 64));
            copy.pack(0, copy.groups());
        }
        y = new float[rows];
        for (int i = 0; i < COLUMNS; i++) {
            x[i] = (float) (random.nextDouble() - 0.5);
        }
    }

    @TearDown
    public void dropWeights() {
        arena.close();
    }

    private static int rows(WeightType type) {
        return (int) (BYTES / type.bytes(COLUMNS)) / CHUNK * CHUNK;
    }

    @Benchmark
    public float[] matVec(Cpu cpu) {
        long started = THREADS.getCurrentThreadCpuTime();
        for (int row = 0; row < matrix.rows(); row += CHUNK) {
            kernels.matVec(matrix, row, row + CHUNK, x, 0, y, row);
        }
        cpu.add(started);
        return y;
    }

    /** Only for types that have such a layout. */
    @Benchmark
    public float[] interleaved(Cpu cpu) {
        long started = THREADS.getCurrentThreadCpuTime();
        int chunk = CHUNK / Interleaved.ROWS;
        rounded.round(x, 0, COLUMNS);
        for (int group = 0; group < copy.groups(); group += chunk) {
            kernels.matVec(copy, group, Math.min(copy.groups(), group + chunk), x, 0, rounded, y,
                    group * Interleaved.ROWS);
        }
        cpu.add(started);
        return y;
    }

    @Benchmark
    public int read(Cpu cpu) {
        long started = THREADS.getCurrentThreadCpuTime();
        int sum = 0;
        long chunk = CHUNK * matrix.rowBytes();
        for (long from = 0; from < matrix.data().byteSize(); from += chunk) {
            sum += read(matrix.data(), from, from + chunk);
        }
        cpu.add(started);
        return sum;
    }

    private static int read(MemorySegment data, long from, long to) {
        int step = INTS.vectorByteSize();
        var a = IntVector.zero(INTS);
        var b = a;
        long i = from;
        for (; i <= to - 2L * step; i += 2L * step) {
            a = a.add(IntVector.fromMemorySegment(INTS, data, i, ByteOrder.LITTLE_ENDIAN));
            b = b.add(IntVector.fromMemorySegment(INTS, data, i + step, ByteOrder.LITTLE_ENDIAN));
        }
        return a.add(b).reduceLanes(VectorOperators.ADD);
    }

    /** Runs all for every type and prints them side by side, in bytes of the file for each second. */
    public static void main(String[] args) throws RunnerException {
        var interleavedTypes = Arrays.stream(WeightType.values())
                .filter(Interleaved::supports)
                .map(WeightType::name)
                .toArray(String[]::new);
        String name = MatVecBenchmark.class.getName().replace(".", "\\.");
        var results = new ArrayList<>(
                new Runner(new OptionsBuilder().include(name + "\\.(matVec|read)").build()).run());
        results.addAll(new Runner(
                new OptionsBuilder().include(name + "\\.interleaved").param("type", interleavedTypes).build())
                .run());
        var speeds = new TreeMap<String, Map<String, Double>>();
        for (var result : results) {
            var type = WeightType.valueOf(result.getParams().getParam("type"));
            double bytes = (double) rows(type) * type.bytes(COLUMNS);
            var counters = result.getSecondaryResults();
            double speed = bytes * counters.get("calls").getScore() / counters.get("nanos").getScore();
            String benchmark = result.getParams().getBenchmark();
            speeds.computeIfAbsent(type.name(), _ -> new HashMap<>())
                    .put(benchmark.substring(benchmark.lastIndexOf('.') + 1), speed);
        }
        System.out.printf("%n%s, one core, GB/s per second of CPU time and share of the read%n%-7s %14s %14s %6s%n",
                Kernels.best().name(), "type", "matVec", "interleaved", "read");
        speeds.forEach((type, speed) -> {
            double read = speed.get("read");
            System.out.printf("%-7s %7.2f %5.0f%% %7.2f %5.0f%% %6.2f%n", type, speed.get("matVec"),
                    100 * speed.get("matVec") / read, speed.getOrDefault("interleaved", 0.0),
                    100 * speed.getOrDefault("interleaved", 0.0) / read, read);
        });
    }
}
