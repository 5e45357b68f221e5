package dev.pareto.proxy.cli.models;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pareto.engine.BareModel;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LocalEngine;
import dev.pareto.proxy.cli.models.Measurement.Kind;
import dev.pareto.proxy.cli.models.Measurement.Test;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "bench", mixinStandardHelpOptions = true, description = {
        "How fast a model reads prompts (prefill) and writes answers (decode), alone on this machine.",
        "Made-up tokens from an empty context on; the first rounds warm up and do not count."})
final class BenchCommand implements Callable<Integer> {

    private static final int[] USUAL_PREFILL = {128, 512};
    private static final int[] USUAL_DECODE = {128};
    private static final int MOST_REPEATS = 1000;
    /** The untimed rounds with so many threads. */
    private record WarmUp(int threads, int rounds, double seconds) {}

    /**
     * The model that was measured.
     *
     * @param type that most of the weights have
     * @param bytes of the file
     * @param bytesPerToken of the weights that one token reads
     */
    private record Facts(String model, String architecture, String type, long parameters, long bytes,
            @JsonProperty("bytes_per_token") long bytesPerToken) {

        static Facts of(BareModel bare) {
            return new Facts(bare.name(), bare.architecture(), bare.weightType(), bare.parameters(), bare.bytes(),
                    bare.weightBytesPerToken());
        }
    }

    /** What {@code --json} shows. */
    private record Report(@JsonUnwrapped Facts facts, String kernels, int repeats,
            @JsonProperty("warm_up") List<WarmUp> warmUp, List<Measurement> results) {}

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFiles files;

    @Parameters(paramLabel = "MODEL", description = "a name from models list, or a path to a GGUF file")
    private String model;

    @Option(names = {"-p", "--prefill"}, split = "\\s*,\\s*", splitSynopsisLabel = ",", paramLabel = "TOKENS",
            description = "lengths of prompts, 0 for none (default: 128,512 as far as the context goes)")
    private int @Nullable [] prefill;

    @Option(names = {"-n", "--decode"}, split = "\\s*,\\s*", splitSynopsisLabel = ",", paramLabel = "TOKENS",
            description = "lengths of answers, 0 for none (default: 128)")
    private int @Nullable [] decode;

    @Option(names = {"-t", "--threads"}, split = "\\s*,\\s*", splitSynopsisLabel = ",", paramLabel = "N",
            description = "threads that compute, one measurement each (default: all processors)")
    private int @Nullable [] threads;

    @Option(names = {"-r", "--repeat"}, defaultValue = "5", paramLabel = "N",
            description = "rounds that count (default: ${DEFAULT-VALUE})")
    private int repeats;

    @Option(names = "--warm-up", defaultValue = "5", paramLabel = "SECONDS",
            description = "the least time before them; one round in any case (default: ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Path file = files.find(model);
        requireRange("--repeat", repeats, 1, MOST_REPEATS);
        requireRange("--warm-up", warmUpSeconds, 0, 3600);
        int[] counts = threads == null ? new int[]{Runtime.getRuntime().availableProcessors()} : threads;
        for (int count : counts) {
            requireRange("--threads", count, 1, 1024);
        }
        Report report = measure(file, counts);
        if (json) {
            spec.commandLine().getOut().println(JsonMapper.shared().writeValueAsString(report));
        } else {
            show(report);
        }
        return 0;
    }

    private Report measure(Path file, int[] counts) throws IOException {
        var warmUps = new ArrayList<WarmUp>();
        var results = new ArrayList<Measurement>();
        Facts facts = null;
        for (int count : counts) {
            try (BareModel bare = BareModel.open(file, EngineSettings.defaults().withThreads(count))) {
                List<Test> tests = tests(bare);
                warmUps.add(warmUp(bare, count, tests));
                results.addAll(Measurement.repeat(bare, count, tests, repeats));
                facts = Facts.of(bare);
            }
        }
        return new Report(Objects.requireNonNull(facts, "at least one number of threads"), LocalEngine.kernels().name(),
                repeats, warmUps, results);
    }

    /** Whole rounds, so that every loop is compiled and every copy of weights made before time counts. */
    private WarmUp warmUp(BareModel bare, int count, List<Test> tests) {
        Duration least = Duration.ofSeconds(warmUpSeconds);
        Duration taken = Duration.ZERO;
        int rounds = 0;
        do {
            for (Test test : tests) {
                taken = taken.plus(test.run(bare));
            }
            rounds++;
        } while (taken.compareTo(least) < 0);
        return new WarmUp(count, rounds, taken.toMillis() / 1e3);
    }

    private void show(Report report) {
        PrintWriter out = spec.commandLine().getOut();
        Facts facts = report.facts();
        out.printf("%s: %s, %.1f M weights, mostly %s, %.1f MB; each token reads %.1f MB of them; kernels %s%n",
                facts.model(), facts.architecture(), facts.parameters() / 1e6, facts.type(), facts.bytes() / 1e6,
                facts.bytesPerToken() / 1e6, report.kernels());
        for (WarmUp warmUp : report.warmUp()) {
            out.printf("warmed up with %d thread%s: %d round%s, %.1f s%n", warmUp.threads(),
                    warmUp.threads() == 1 ? "" : "s", warmUp.rounds(), warmUp.rounds() == 1 ? "" : "s",
                    warmUp.seconds());
        }
        out.printf("%7s  %-12s %10s  %-23s %6s%n", "threads", "test", "tokens/s",
                "(least - most of " + report.repeats() + ")", "GB/s");
        for (Measurement one : report.results()) {
            Speeds speed = one.tokensPerSecond();
            Double gigabytes = one.gigabytesPerSecond();
            out.printf("%7d  %-12s %10.1f  %-23s %6s%n", one.threads(), one.test() + " " + one.tokens(),
                    speed.median(), "(%.1f - %.1f)".formatted(speed.min(), speed.max()),
                    gigabytes == null ? "" : "%.2f".formatted(gigabytes));
        }
    }

    private static void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new UsageException(option + " " + value + " cannot be; it must be " + least + " to " + most);
        }
    }

    /** Lengths that were not asked for fit the context; those that were must. */
    private List<Test> tests(BareModel bare) {
        var tests = new ArrayList<Test>();
        lengths(prefill, USUAL_PREFILL, bare).forEach(tokens -> tests.add(new Test(Kind.PREFILL, tokens)));
        lengths(decode, USUAL_DECODE, bare).forEach(tokens -> tests.add(new Test(Kind.DECODE, tokens)));
        if (tests.isEmpty()) {
            throw new UsageException("nothing to measure; give --prefill or --decode a length above 0");
        }
        return tests;
    }

    private static List<Integer> lengths(int @Nullable [] asked, int[] usual, BareModel bare) {
        if (asked == null) {
            return Arrays.stream(usual).filter(tokens -> tokens <= bare.contextLength()).boxed().toList();
        }
        for (int tokens : asked) {
            if (tokens < 0 || tokens > bare.contextLength()) {
                throw new UsageException(tokens + " tokens cannot be measured; the context of " + bare.name()
                        + " has 1 to " + bare.contextLength());
            }
        }
        return Arrays.stream(asked).filter(tokens -> tokens > 0).boxed().toList();
    }
}
