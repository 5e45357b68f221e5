package dev.pareto.engine.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.model.KvCache;
import dev.pareto.engine.model.LogitsWanted;
import dev.pareto.engine.model.Slice;
import dev.pareto.engine.tensor.ComputePool;

/**
 * Tokens per second of a file by the best kernels and by those without machine code of our own, in turns in one JVM: prompts,
 * one sequence token by token, and many side by side; both with copies of all weights. Told are medians with the least and
 * the most. Run it on an idle machine:
 *
 * <pre>
 * mvn -Pbench -pl local-engine clean verify -Dbench=ProductsBenchmark -Dbench.args="/tmp/r1b-Q8_0.gguf --threads 2"
 * </pre>
 */
public final class ProductsBenchmark {

    private static final int STEPS = 8;
    private static final int[] PROMPTS = {128, 512};
    private static final int[] STREAMS = {1, 4, 16};
    private static final int LONGEST = 512;
    private static final String USAGE = "usage: ProductsBenchmark FILE.gguf [--threads N] [--repeats 3] [--cpu 0, 1 for seconds of the"
            + " calling thread's processor time: for one thread on a busy machine]";

    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<String, List<Double>> speeds = new HashMap<>();
    private final Decoder decoder;
    private final List<KvCache> caches;
    private final boolean cpu;

    private ProductsBenchmark(Decoder decoder, boolean cpu) {
        this.cpu = cpu;
        this.decoder = decoder;
        this.caches = IntStream.range(0, STREAMS[STREAMS.length - 1])
                .mapToObj(i -> decoder.newCache(i == 0 ? LONGEST : 4 + 4 * STEPS))
                .toList();
    }

    /** Measures one file; see the usage. */
    public static void main(String[] args) throws IOException {
        var options = new HashMap<>(Map.of("--threads", Runtime.getRuntime().availableProcessors(), "--repeats", 3,
                "--cpu", 0));
        if (args.length % 2 != 1) {
            System.err.println(USAGE);
            System.exit(2);
        }
        for (int i = 1; i < args.length; i += 2) {
            if (options.replace(args[i], Integer.valueOf(args[i + 1])) == null) {
                System.err.println("there is no option " + args[i] + "\n" + USAGE);
                System.exit(2);
            }
        }
        var kernels = List.of(Kernels.best(), Kernels.withoutMachineCode());
        try (var file = GgufFile.open(Path.of(args[0]));
                var pool = new ComputePool(options.getOrDefault("--threads", 1));
                var first = Decoder.load(file, pool, kernels.getFirst(), Long.MAX_VALUE);
                var second = Decoder.load(file, pool, kernels.getLast(), Long.MAX_VALUE)) {
            boolean cpu = options.getOrDefault("--cpu", 0) != 0;
            var both = List.of(new ProductsBenchmark(first, cpu), new ProductsBenchmark(second, cpu));
            both.forEach(ProductsBenchmark::measure);
            both.forEach(one -> one.speeds.clear());
            for (int repeat = 0; repeat < options.getOrDefault("--repeats", 3); repeat++) {
                both.forEach(ProductsBenchmark::measure);
            }
            System.out.printf("%s, %d threads, tokens/s%n", args[0], pool.threads());
            for (int i = 0; i < 2; i++) {
                both.get(i).tell(kernels.get(i));
            }
        }
    }

    private void measure() {
        for (int prompt : PROMPTS) {
            time("prompt of " + prompt, prompt, () -> prompt(prompt));
        }
        for (int streams : STREAMS) {
            time(streams + " side by side", STEPS * streams, () -> steps(streams));
        }
    }

    private void time(String name, int tokens, Runnable run) {
        long from = now();
        run.run();
        speeds.computeIfAbsent(name, _ -> new ArrayList<>()).add(tokens / ((now() - from) / 1e9));
    }

    private long now() {
        return cpu ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
    }

    private void prompt(int length) {
        var cache = caches.getFirst();
        cache.truncate(0);
        int chunk = Math.min(length, 128);
        for (int from = 0; from < length; from += chunk) {
            decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST,
                    random.ints(chunk, 0, decoder.shape().vocabulary()).toArray())));
        }
    }

    private void steps(int streams) {
        caches.forEach(cache -> cache.truncate(0));
        for (int i = 0; i < STEPS; i++) {
            int token = random.nextInt(decoder.shape().vocabulary());
            decoder.forward(caches.stream()
                    .limit(streams)
                    .map(cache -> Slice.of(cache, LogitsWanted.LAST, token))
                    .toList());
        }
    }

    private void tell(Kernels kernels) {
        System.out.println(kernels.name());
        IntStream.of(PROMPTS).forEach(prompt -> tell("prompt of " + prompt));
        IntStream.of(STREAMS).forEach(streams -> tell(streams + " side by side"));
    }

    private void tell(String name) {
        System.out.printf(Locale.ROOT, "  %-16s %s%n", name, Spread.of(speeds.getOrDefault(name, List.of())).text(1));
    }
}
