package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.Accuracies;
import dev.pareto.policies.predict.LatencyBoard;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.live.AccuracyBoard;
import dev.pareto.policies.predict.live.Lessons;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.guard.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a decision among ten candidates takes and allocates: five closed, five open with verdicts and open swaps, latencies of a warm board,
 * a floor, cost and latency limits. With {@code accuracy = learnt} a predictor of all ten reads the prompt. On an idle machine:
 *
 * <pre>
 * mvn -Pbench -Dbench=decide.DecisionBenchmark -pl policies clean verify
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx1g")
public class DecisionBenchmark {

    private static final String PROMPT = "My parcel has not come yet although the page says that it was handed over on "
            + "Tuesday. Can you find out where it is, and may I send it back when it comes too late for the birthday?";

    @Param({"none", "learnt"})
    String accuracy = "none";

    private final PolicyEngine engine = new PolicyEngine();
    private Snapshot world = Snapshot.of(World.config(World.SUPPORT));
    private RequestFeatures request = World.request("support");

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder().include(DecisionBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .build())
                .run();
    }

    @Setup
    public void prepare() {
        List<ModelId> models = new ArrayList<>();
        StringBuilder closed = new StringBuilder();
        StringBuilder open = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            models.add(ModelId.parse("closed/m" + i));
            closed.append("m%d: {context: 128000, prices: [{from: 2020-01-01, input: %d, output: %d}]}, ".formatted(i,
                    2 + i, 10 + i));
        }
        for (int i = 0; i < 5; i++) {
            models.add(ModelId.parse("open/m" + i));
            open.append("m%d: {context: 32000, prices: [{from: 2020-01-01, input: 0.%d, output: 1}]}, ".formatted(i,
                    2 + i));
        }
        var config = World.config("""
                                  vendors:
                                    closed: {dialect: openai, url: http://c, models: {%s}}
                                    open: {dialect: openai, url: http://o, open: true, models: {%s}}
                                  routes: {support: {candidates: %s, policy: p}}
                                  policies:
                                    p:
                                      minimise: cost
                                      subject-to:
                                        accuracy: {within: 3 pp, of: closed/m0}
                                        latency: {first-token-p95: 2 s, total-p95: 8 s}
                                        cost: {at-most: 0.05 USD}
                                  """.formatted(closed, open, models));
        LatencyBoard board = new LatencyBoard(System::nanoTime);
        List<Evidence> verdicts = new ArrayList<>();
        Map<SwapKey, Swap> swaps = new HashMap<>();
        for (ModelId model : models) {
            for (int i = 0; i < 500; i++) {
                board.tracker(model).record(Duration.ofMillis(300 + i), Duration.ofMillis(900 + 4 * i), 200, true);
            }
            Evidence known = World.verdict(Outcome.NON_INFERIOR);
            verdicts.add(new Evidence("v-" + model.name(), "support", model, models.getFirst(), known.outcome(), 0.03,
                    known.difference(), known.lower(), known.upper(), known.confidence(), 0.93, 0.934, false, null,
                    known.createdAt(), known.expiresAt()));
            SwapKey key = new SwapKey("support", model);
            swaps.put(key, new Swap(key, SwapState.OPEN, 1, 0, World.NOW, null, null, null, 0, null, null,
                    Monitor.FRESH, "open"));
        }
        boolean learnt = accuracy.equals("learnt");
        AccuracyBoard accuracies = new AccuracyBoard(Runnable::run);
        if (learnt) {
            accuracies.put(Lessons.predictor("support", models));
        }
        world = Snapshot.of(config)
                .withLatencies(board)
                .withVerdicts(route -> verdicts)
                .withSwaps(swaps::get)
                .withAccuracies(learnt ? accuracies : Accuracies.UNKNOWN);
        request = World.request("support").reading(Map.of(), learnt ? new PromptText(PROMPT, null) : null);
    }

    @Benchmark
    public Decision decide() {
        return engine.decide(request, world);
    }
}
