package dev.pareto.engine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.Sampling;

/**
 * What the serving core gains over one answer after another, on one model through the engine's face: how much faster many
 * streams are than one, how much sooner a prompt is answered whose beginning is known, and how little a long prompt holds
 * running streams up. Everything is greedy, and repeated in turns; told are medians with the least and the most, ratios
 * within a repeat. The long prompt is read less often: a reading holds thousands of gaps between tokens and takes minutes on
 * a slow machine. Run it on an idle machine:
 *
 * <pre>
 * mvn -Pbench -pl local-engine clean verify -Dbench=ServingBenchmark -Dbench.args="/tmp/r1b-Q8_0.gguf"
 * </pre>
 */
public final class ServingBenchmark {

    /** Of every request; none comes near it. */
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private static final int[] STREAMS = {1, 4, 16};
    /** So short that all streams begin within few steps. */
    private static final int SHORT_PROMPT = 2;
    private static final int TAIL = 16;
    private static final int BESIDE = 4;
    /** What is heard at first is not counted: streams begin one after the other. */
    private static final int SETTLE = 2;
    /** Tokens by which a stream may be ahead of another. */
    private static final int AHEAD = 128;
    /** Of the round that warms up. */
    private static final int WARM_TOKENS = 8;
    private static final int WARM_PREFIX = 128;
    private static final String USAGE = "usage: ServingBenchmark FILE.gguf [--repeats 3] [--besides 1] [--tokens 32]"
            + " [--threads N] [--prefix 1000] [--prefill 2000] [--chunk 128] [--slowdown-percent 160, 0 for whole chunks]";

    private final LoadedModel model;
    private final Map<String, Integer> options;
    private final Sampling endless;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<String, List<Double>> measured = new HashMap<>();
    private int tenant;

    private ServingBenchmark(LoadedModel model, Map<String, Integer> options) {
        this.model = model;
        this.options = options;
        this.endless = endless(model);
    }

    /** Greedy, without the tokens that would end an answer or have no text, so that every piece is heard. */
    private static Sampling endless(LoadedModel model) {
        var tokenizer = model.tokenizer();
        var ends = IntStream.range(0, model.card().vocabulary())
                .filter(token -> tokenizer.isEndOfGeneration(token) || tokenizer.isControl(token))
                .boxed()
                .collect(Collectors.toMap(token -> token, _ -> -100f));
        return new Sampling(0, 0, 1, 0, 1, 0, 0, 0, null, ends);
    }

    /** Measures one file; see the usage. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            if (args.length % 2 != 1) {
                throw new IllegalArgumentException("a file and options with a value each are wanted");
            }
            run(Path.of(args[0]), options(args));
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage() + "\n" + USAGE);
            System.exit(2);
        }
    }

    private static Map<String, Integer> options(String[] args) {
        var options = new HashMap<>(Map.of("--repeats", 3, "--besides", 1, "--tokens", 32, "--prefix", 1000,
                "--prefill", 2000, "--chunk", EngineSettings.defaults().prefillChunk(), "--slowdown-percent",
                (int) Math.round(100 * EngineSettings.defaults().slowdown()), "--threads",
                Runtime.getRuntime().availableProcessors()));
        for (int i = 1; i < args.length; i += 2) {
            if (options.replace(args[i], Integer.valueOf(args[i + 1])) == null) {
                throw new IllegalArgumentException("there is no option " + args[i]);
            }
        }
        return options;
    }

    private static void run(Path file, Map<String, Integer> options) throws IOException, InterruptedException {
        int slowdown = options.getOrDefault("--slowdown-percent", 0);
        var settings = EngineSettings.defaults()
                .withSlowdown(slowdown == 0 ? EngineSettings.WHOLE_CHUNKS : slowdown / 100.0)
                .withThreads(options.getOrDefault("--threads", 1))
                .withPrefillChunk(options.getOrDefault("--chunk", 1))
                .withSequences(16, 16)
                .withCacheBytes(Runtime.getRuntime().maxMemory() / 2);
        try (var engine = new LocalEngine(settings); var model = engine.load(file)) {
            var card = model.card();
            System.out.printf(Locale.ROOT,
                    "%s: %s %s, %.0f M weights, context %d; %d threads, %s, caches of %s, chunks of %d, slowdown %.2f%n",
                    card.name(), card.architecture(), card.weightType(), card.parameters() / 1e6, card.contextLength(),
                    settings.threads(), LocalEngine.kernels().name(), settings.cacheType(), settings.prefillChunk(),
                    settings.slowdown());
            new ServingBenchmark(model, options).measure();
        }
    }

    private int option(String name) {
        return options.getOrDefault(name, 0);
    }

    private void measure() throws InterruptedException {
        long begun = System.nanoTime();
        for (int count : STREAMS) {
            var _ = speed(count, WARM_TOKENS);
        }
        var _ = firstToken(prompt(within(WARM_PREFIX, TAIL + 1)), "warm-up");
        for (int repeat = 0; repeat < option("--repeats"); repeat++) {
            streams();
            prefix();
        }
        for (int repeat = 0; repeat < option("--besides"); repeat++) {
            beside();
        }
        System.out.printf(Locale.ROOT, "medians of %d repeats, of %d beside a long prompt (least to most); %.0f s%n",
                option("--repeats"), option("--besides"), (System.nanoTime() - begun) / 1e9);
        tellStreams();
        tellPrefix();
        tellBeside();
    }

    private void streams() throws InterruptedException {
        double one = 0;
        for (int count : STREAMS) {
            double speed = speed(count, option("--tokens"));
            one = count == 1 ? speed : one;
            add("tokens/s of " + count, speed);
            add("gain of " + count, speed / one);
        }
    }

    /** Tokens per second of so many streams while all of them go on. */
    private double speed(int count, int tokens) throws InterruptedException {
        System.gc();
        var streams = begin(count, tokens + AHEAD);
        long from = System.nanoTime();
        long before = model.load().completionTokens();
        awaitMore(streams, tokens);
        long drawn = model.load().completionTokens() - before;
        double seconds = (System.nanoTime() - from) / 1e9;
        requireGoingOn(streams);
        streams.forEach(Stream::stop);
        return drawn / seconds;
    }

    /** Streams of at most so many tokens, all of which have begun. */
    private List<Stream> begin(int count, int tokens) throws InterruptedException {
        var streams = IntStream.range(0, count)
                .mapToObj(_ -> stream(prompt(SHORT_PROMPT), within(tokens, SHORT_PROMPT), null))
                .toList();
        awaitMore(streams, SETTLE);
        return streams;
    }

    /** Waits until each has told so many more. */
    private static void awaitMore(List<Stream> streams, int pieces) throws InterruptedException {
        int[] heard = streams.stream().mapToInt(Stream::heard).toArray();
        for (int i = 0; i < heard.length; i++) {
            streams.get(i).awaitHeard(heard[i] + pieces);
        }
    }

    private static void requireGoingOn(List<Stream> streams) {
        if (streams.stream().anyMatch(Stream::ended)) {
            throw new IllegalStateException("a stream ended while it was measured: the context is too short");
        }
    }

    private Stream stream(int[] prompt, int tokens, @Nullable String partition) {
        return Stream.begin(model, GenerationRequest.of(prompt, tokens, endless, LIMIT).inPartition(partition));
    }

    /** Two prompts that differ in their ends, in a partition that nobody has used before. */
    private void prefix() {
        System.gc();
        var prefix = prompt(within(option("--prefix"), TAIL + 1));
        var partition = "tenant " + tenant++;
        double first = firstToken(prefix, partition);
        double second = firstToken(prefix, partition);
        add("first", first);
        add("second", second);
        add("sooner", first / second);
    }

    private double firstToken(int[] prefix, String partition) {
        var prompt = IntStream.concat(Arrays.stream(prefix), Arrays.stream(prompt(TAIL))).toArray();
        return stream(prompt, 1, partition).firstTokenMillis();
    }

    /** Streams go on for {@code --tokens} by themselves, then until the long prompt has its first token. */
    private void beside() throws InterruptedException {
        System.gc();
        int quiet = option("--tokens");
        var prompt = prompt(within(option("--prefill"), 1));
        // a step reads at least a token of the prompt, but for one now and then that is measured by itself
        var streams = begin(BESIDE, SETTLE + 2 * quiet + prompt.length * 9 / 8 + AHEAD);
        long begun = System.nanoTime();
        awaitMore(streams, 2 * quiet);
        long submitted = System.nanoTime();
        add("prefill", stream(prompt, 1, null).firstTokenMillis());
        long read = System.nanoTime();
        requireGoingOn(streams);
        streams.forEach(Stream::stop);
        var alone = gaps(streams, begun, submitted);
        var beside = gaps(streams, submitted, read);
        for (int percent : new int[]{50, 95}) {
            double before = Spread.quantile(alone, percent / 100.0);
            double during = Spread.quantile(beside, percent / 100.0);
            add("alone p" + percent, before);
            add("beside p" + percent, during);
            add("ratio p" + percent, during / before);
        }
    }

    private static double[] gaps(List<Stream> streams, long from, long to) {
        return streams.stream().flatMapToDouble(stream -> Arrays.stream(stream.gaps(from, to))).toArray();
    }

    private void add(String name, double value) {
        measured.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    private String told(String name, int digits) {
        return Spread.of(measured.getOrDefault(name, List.of())).text(digits);
    }

    private int[] prompt(int length) {
        return random.ints(length, 0, model.card().vocabulary()).toArray();
    }

    /** So many tokens, or what the context has room for beside others. */
    private int within(int tokens, int others) {
        return Math.min(tokens, model.card().contextLength() - others);
    }

    private void tellStreams() {
        for (int count : STREAMS) {
            System.out.printf(Locale.ROOT, "  %2d streams: %s tokens/s, %s x one%s%n", count,
                    told("tokens/s of " + count, 1), told("gain of " + count, 2), count == 16 ? "; wanted 3" : "");
        }
    }

    private void tellPrefix() {
        System.out.printf(Locale.ROOT, "  first token of a prompt of %d: %s ms%n",
                within(option("--prefix"), TAIL + 1) + TAIL, told("first", 1));
        System.out.printf(Locale.ROOT, "  of the next that begins alike: %s ms, %s x sooner; wanted 10%n",
                told("second", 1), told("sooner", 1));
    }

    private void tellBeside() {
        System.out.printf(Locale.ROOT, "  from token to token of %d streams, alone and beside a prompt of %d:%n",
                BESIDE,
                within(option("--prefill"), 1));
        for (int percent : new int[]{50, 95}) {
            System.out.printf(Locale.ROOT, "    p%d %s ms, %s ms, ratio %s%s%n", percent, told("alone p" + percent, 1),
                    told("beside p" + percent, 1), told("ratio p" + percent, 2),
                    percent == 95 ? "; wanted below 2" : "");
        }
        System.out.printf(Locale.ROOT, "  that prompt's first token: %s ms%n", told("prefill", 0));
    }
}
