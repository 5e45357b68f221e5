package dev.pareto.policies.decide;

import dev.pareto.policies.swap.Outcome;
import java.util.Arrays;
import java.util.List;

/** Run by hand: microseconds a decision takes on a route of two candidates with a verdict and latencies. */
final class DecisionBenchmark {

    private static final int ROUNDS = 200_000;

    private DecisionBenchmark() {}

    public static void main(String[] arguments) {
        PolicyEngine engine = new PolicyEngine();
        Snapshot world = Snapshot.of(World.config(World.SUPPORT))
                .withVerdicts(route -> List.of(World.verdict(Outcome.NON_INFERIOR)))
                .withLatencies((model, tokens) -> World.latency(100, java.time.Duration.ofMillis(900)));
        RequestFeatures request = World.request("support");
        long[] nanos = new long[ROUNDS];
        int open = 0;
        for (int warm = 0; warm < 2; warm++) {
            for (int i = 0; i < ROUNDS; i++) {
                long start = System.nanoTime();
                open += engine.decide(request, world).outcome() instanceof dev.pareto.policies.decide.Outcome.Chosen
                        ? 1
                        : 0;
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        System.out.printf("decisions %d, p50 %.1f us, p99 %.1f us%n", open, nanos[ROUNDS / 2] / 1e3,
                nanos[ROUNDS * 99 / 100] / 1e3);
    }
}
