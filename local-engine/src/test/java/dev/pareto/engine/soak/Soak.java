package dev.pareto.engine.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.bench.RandomLlama;

/**
 * Mixed load on two models until the time is over, with a third that comes and goes; then everybody leaves and the books are
 * looked at: each request ended once, no page and no place is held, the threads are gone, memory stayed where it was. What is
 * asked is drawn from a seed; what happens at the same time is not. From the command line:
 *
 * <pre>
 * mvn -Psoak -pl local-engine verify -Dsoak.minutes=30 -Dsoak.callers=12 -Dsoak.seed=1
 * </pre>
 */
public final class Soak {

    private static final int RUNNING = 6;
    private static final int WAITING = 8;
    private static final int ROWS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Callers fail on purpose, each time with a stack trace, and a model is loaded every few seconds. */
    private static final List<Logger> TALKATIVE = List.of(Logger.getLogger("dev.pareto.engine.serve.Mailbox"),
            Logger.getLogger("dev.pareto.engine.LocalEngine"));

    private final LocalEngine engine;
    private final Counts counts = new Counts();
    private final SplittableRandom random;
    private final long seed;
    private final List<Sample> samples = new ArrayList<>();
    private volatile boolean over;

    private Soak(LocalEngine engine, long seed) {
        this.engine = engine;
        this.random = new SplittableRandom(seed);
        this.seed = seed;
    }

    /** @param args minutes, callers and the seed */
    public static void main(String[] args) throws IOException, InterruptedException {
        double minutes = Double.parseDouble(args[0]);
        int callers = Integer.parseInt(args[1]);
        long seed = Long.parseLong(args[2]);
        TALKATIVE.forEach(logger -> logger.setLevel(Level.SEVERE));
        var folder = Files.createTempDirectory("pareto-soak");
        var embedded = new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK);
        var tiny = tiny(folder.resolve("tiny.gguf"), seed);
        var lodger = tiny(folder.resolve("lodger.gguf"), seed + 1);
        var settings = EngineSettings.defaults()
                .withSequences(RUNNING, WAITING)
                .withCacheBytes(24L << 20)
                .withCopyBytes(64L << 20)
                .withWarmUp(Duration.ofSeconds(2));
        Counts counts;
        try (var engine = new LocalEngine(settings)) {
            var soak = new Soak(engine, seed);
            soak.run(List.of(embedded, tiny), lodger, minutes, callers);
            counts = soak.counts;
        }
        waitUntil(() -> Sample.engineThreads() == 0);
        if (Sample.engineThreads() > 0) {
            counts.finding(Sample.engineThreads() + " threads of the engine live on after it was closed");
        }
        for (var file : List.of(embedded, tiny, lodger, folder)) {
            Files.delete(file);
        }
        counts.kinds().forEach((kind, count) -> System.out.printf("  %,10d %s%n", count.sum(), kind));
        counts.findings().forEach(finding -> System.out.println("FOUND " + finding));
        System.out.println(counts.found() == 0 ? "nothing found" : counts.found() + " findings");
        System.exit(counts.found() == 0 ? 0 : 1);
    }

    private static Path tiny(Path file, long seed) throws IOException {
        new RandomLlama(RandomLlama.Recipe.Q8_0, 600, 512, 2, 64, 4, 2, 128).write(file, seed);
        return file;
    }

    private void run(List<Path> files, Path lodger, double minutes, int callers)
            throws IOException, InterruptedException {
        var models = new ArrayList<LoadedModel>();
        for (var file : files) {
            models.add(engine.load(file));
        }
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < callers; i++) {
            var model = models.get(i % models.size());
            var caller = new Caller(model, orders(model), random.split(), counts, () -> over);
            threads.add(Thread.ofPlatform().name("caller-" + i).start(caller));
        }
        watch(models, lodger, TimeUnit.SECONDS.toNanos((long) (minutes * 60)));
        over = true;
        for (var thread : threads) {
            thread.join();
        }
        for (var model : models) {
            drained(model);
            everyPlaceIsFree(model);
            drained(model);
        }
        if (counts.requests() != counts.ends()) {
            counts.finding(counts.requests() + " requests had " + counts.ends() + " ends");
        }
        judge();
        models.forEach(LoadedModel::close);
    }

    private Orders orders(LoadedModel model) {
        return new Orders(model, random.split(), new SplittableRandom(seed));
    }

    /** Takes a sample every few seconds and prints some of them. */
    private void watch(List<LoadedModel> models, Path lodger, long nanos) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long every = Math.clamp(nanos / 120, 1_000_000_000L, 10_000_000_000L);
        long rows = Math.max(1, nanos / every / ROWS);
        System.out.println(Sample.HEADING);
        for (long passed = 0; passed < nanos; passed = System.nanoTime() - begun) {
            TimeUnit.NANOSECONDS.sleep(every);
            lodge(lodger);
            var sample = Sample.take((System.nanoTime() - begun) / 1e9, models, counts);
            samples.add(sample);
            sample.loads().forEach(load -> {
                var pages = load.pages();
                if (pages.inUse() > pages.total() || pages.inUse() < 0 || pages.promised() < 0 || pages.kept() < 0) {
                    counts.finding("pages that cannot be: " + pages);
                }
            });
            if (samples.size() % rows == 0) {
                System.out.println(sample.row());
            }
        }
    }

    /** A model is loaded, asked and closed in the middle of its answers. */
    private void lodge(Path file) throws IOException, InterruptedException {
        var begun = new ArrayList<Generation>();
        try (var model = engine.load(file)) {
            var orders = orders(model);
            for (int i = 0; i < 4; i++) {
                for (var request : orders.answers()) {
                    var hearer = new Hearer(counts, Manner.draw(random), true);
                    begun.add(model.generate(request, hearer));
                    counts.taken();
                }
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(30));
        } catch (EngineException.InvalidRequest | EngineException.Busy _) {
            counts.count("refused by the lodger");
        }
        if (!waitUntil(() -> begun.stream().allMatch(one -> one.done().isDone()))) {
            counts.finding("an answer outlived its closed model");
        }
    }

    private void drained(LoadedModel model) throws InterruptedException {
        waitUntil(() -> model.load().running() + model.load().waiting() == 0);
        var load = model.load();
        if (load.running() != 0 || load.waiting() != 0 || load.pages().inUse() != 0 || load.pages().promised() != 0) {
            counts.finding(model.card().name() + " is not empty after all have left: " + load);
        }
    }

    /** As many requests as there are places can wait and run at the same time, and no more: nobody hears them, so none ends. */
    private void everyPlaceIsFree(LoadedModel model) {
        var orders = orders(model);
        var go = new CountDownLatch(1);
        var all = new ArrayList<Generation>();
        try {
            while (all.size() <= RUNNING + WAITING) {
                all.add(model.generate(orders.endless(), new Deaf(go)));
            }
        } catch (EngineException.Busy _) {
            counts.count("refused: busy");
        }
        if (all.size() != RUNNING + WAITING) {
            counts.finding(model.card().name() + " took " + all.size() + " requests at once; it has "
                    + (RUNNING + WAITING) + " places");
        }
        go.countDown();
        all.forEach(Generation::cancel);
        all.forEach(one -> one.done().handle((_, _) -> 0).join());
    }

    /** Hears nothing before it may. */
    private record Deaf(CountDownLatch go) implements GenerationListener {

        @Override
        public void onText(TextDelta delta) {
            try {
                go.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onFinish(GenerationResult result) {}

        @Override
        public void onError(EngineException failure) {}
    }

    private void judge() {
        judge(new Trend("heap after collection, MB", 0.1, 8), Sample::heapMb);
        judge(new Trend("direct buffers, MB", 0.1, 4), Sample::directMb);
        judge(new Trend("memory of the process, MB", 0.05, 48), Sample::anonymousMb);
        judge(new Trend("threads of the engine", 0, 0), Sample::threads);
    }

    private void judge(Trend trend, ToDoubleFunction<Sample> measure) {
        trend.fault(samples.stream().mapToDouble(measure).toArray()).ifPresent(counts::finding);
    }

    /** False if it did not come true in time. */
    private static boolean waitUntil(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return true;
    }
}
