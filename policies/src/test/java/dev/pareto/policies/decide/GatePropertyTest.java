package dev.pareto.policies.decide;

import static dev.pareto.policies.decide.World.NOW;
import static dev.pareto.policies.decide.World.latency;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapState;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random worlds and requests: whatever they hold, the gate and the data class are never bypassed. */
final class GatePropertyTest {

    private static final List<ModelId> OPEN = Stream.of("local/a", "local/b", "cluster/c").map(ModelId::parse).toList();
    private static final List<ModelId> CLOSED = Stream.of("openai/gpt-4o", "openai/gpt-4o-mini")
            .map(ModelId::parse)
            .toList();
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final List<SwapState> STATES = List.of(SwapState.values());
    private static final int CASES = 100_000;

    private final PolicyEngine engine = new PolicyEngine();
    private final Random random = new Random(20261121);

    @Test
    void noRandomWorldLetsAnOpenModelPastTheGate() {
        List<ParetoConfig> configs = Stream.generate(this::config).limit(200).toList();
        int served = 0;
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            Snapshot world = world(configs.get(random.nextInt(configs.size())));
            RequestFeatures request = request(i);
            Decision decision = engine.decide(request, world);
            if (i % 10 == 0) {
                assertThat(engine.decide(request, world)).isEqualTo(decision);
            }
            assertThat(decision.reason()).matches("[ -~]{1,200}");
            switch (decision.outcome()) {
                case dev.pareto.policies.decide.Outcome.Chosen chosen -> {
                    List<ModelId> everyone = new ArrayList<>(chosen.fallbacks());
                    everyone.add(chosen.model());
                    everyone.forEach(model -> check(model, request, world));
                    served += OPEN.contains(chosen.model()) ? 1 : 0;
                }
                case dev.pareto.policies.decide.Outcome.Infeasible none -> refused++;
                case dev.pareto.policies.decide.Outcome.UnknownModel none -> throw new AssertionError(decision);
                case dev.pareto.policies.decide.Outcome.UnknownPolicy none -> throw new AssertionError(decision);
            }
        }
        assertThat(served).as("the worlds must also let open models through").isGreaterThan(CASES / 100);
        assertThat(refused).isGreaterThan(CASES / 100);
    }

    /** Says again, from scratch, what the gate demands. */
    private static void check(ModelId model, RequestFeatures request, Snapshot world) {
        assertThat(world.available().test(model)).isTrue();
        boolean open = OPEN.contains(model);
        if (request.overrides().localOnly()) {
            assertThat(open).isTrue();
        }
        if (request.overrides().model() != null) {
            assertThat(model).isEqualTo(request.overrides().model());
        }
        ModelId baseline = world.config().route("r").orElseThrow().baseline();
        if (!open || baseline == null) {
            return;
        }
        List<Evidence> usable = world.verdicts()
                .newest("r")
                .stream()
                .filter(e -> e.candidate().equals(model) && e.incumbent().equals(baseline) && !e.simulated()
                        && e.expiresAt().isAfter(request.at()))
                .sorted((a, b) -> b.createdAt().compareTo(a.createdAt()))
                .toList();
        assertThat(usable).as("an open model serves with a usable verdict only").isNotEmpty();
        assertThat(usable.getFirst().outcome()).isIn(Outcome.SUPERIOR, Outcome.NON_INFERIOR);
        assertThat(usable.getFirst().candidateFingerprint()).isEqualTo("f1");
        Swap swap = world.swaps().find("r", model);
        if (swap != null) {
            // A ramp whose plan is gone goes on to open; every other state must serve a share of its own.
            assertThat(swap.state()).isIn(SwapState.RAMP, SwapState.OPEN, SwapState.FROZEN);
            assertThat(swap.state() == SwapState.RAMP || swap.share() > 0).isTrue();
        }
    }

    private ParetoConfig config() {
        List<String> candidates = new ArrayList<>();
        Stream.concat(OPEN.stream(), CLOSED.stream())
                .filter(model -> random.nextInt(3) > 0)
                .map(ModelId::toString)
                .forEach(candidates::add);
        if (candidates.isEmpty()) {
            candidates.add("openai/gpt-4o");
        }
        java.util.Collections.shuffle(candidates, random);
        String limits = String.join(", ",
                Stream.of("accuracy: {within: %d pp, of: openai/gpt-4o}".formatted(1 + random.nextInt(5)),
                        "latency: {total-p95: %d ms}".formatted(500 + random.nextInt(5000)),
                        "cost: {at-most: 0.00%d USD}".formatted(1 + random.nextInt(9)))
                        .filter(limit -> random.nextBoolean())
                        .toList());
        String objective = List.of("minimise: cost", "minimise: latency", "maximise: accuracy").get(random.nextInt(3));
        String ending = random.nextBoolean() ? "closest" : "reject";
        return World.config(
                World.VENDORS + """
                                routes: {r: {candidates: %s, policy: p, fallbacks: [local/b, openai/gpt-4o-mini]}}
                                policies: {p: {%s, subject-to: {%s}, when-infeasible: %s}}
                                """.formatted(candidates, objective, limits, ending));
    }

    private Snapshot world(ParetoConfig config) {
        List<Evidence> verdicts = new ArrayList<>();
        for (ModelId open : OPEN) {
            for (ModelId closed : CLOSED) {
                if (random.nextInt(3) > 0) {
                    verdicts.add(evidence(open, closed));
                }
            }
        }
        Duration p95 = Duration.ofMillis(random.nextInt(1, 8000));
        long observations = random.nextInt(60);
        ModelId down = random.nextInt(5) == 0 ? OPEN.get(random.nextInt(3)) : CLOSED.get(0);
        boolean outage = random.nextInt(5) == 0;
        Swap swap = random.nextInt(4) == 0 ? swap(OPEN.get(random.nextInt(3))) : null;
        return new Snapshot(config, (model, tokens) -> latency(observations, p95), route -> verdicts,
                (route, candidate) -> swap != null && swap.candidate().equals(candidate) ? swap : null,
                model -> !outage || !model.equals(down), model -> "f1", route -> 200);
    }

    private Evidence evidence(ModelId open, ModelId closed) {
        Outcome outcome = OUTCOMES.get(random.nextInt(random.nextBoolean() ? 2 : 5));
        Instant created = NOW.minusSeconds(random.nextInt(1, 90_000));
        return new Evidence("v" + random.nextInt(1000), "r", open, closed, outcome, random.nextInt(1, 6) / 100.0,
                -0.004, -0.005 * random.nextInt(10), 0.01, 0.95, 0.9, 0.91, random.nextInt(5) == 0,
                random.nextInt(5) == 0 ? "f0" : "f1", created, NOW.plusSeconds(random.nextInt(-2000, 8000)));
    }

    private Swap swap(ModelId open) {
        SwapState state = STATES.get(random.nextInt(STATES.size()));
        boolean serves = state == SwapState.OPEN || state == SwapState.RAMP || state == SwapState.FROZEN;
        return new Swap("r", open, state, serves ? random.nextInt(5) / 4.0 : 0, 0, NOW, null, 0, null, "random");
    }

    private RequestFeatures request(int i) {
        @Nullable
        ModelId forced = random.nextInt(6) == 0
                ? Stream.concat(OPEN.stream(), CLOSED.stream()).toList().get(random.nextInt(5))
                : null;
        Overrides overrides = new Overrides(null,
                random.nextInt(6) == 0 ? BigDecimal.valueOf(random.nextInt(5000), 6) : null,
                random.nextInt(6) == 0 ? Duration.ofMillis(random.nextInt(1, 6000)) : null,
                random.nextInt(8) == 0 ? random.nextDouble() : null, forced, random.nextInt(6) == 0);
        return new RequestFeatures("q-" + i, "r", random.nextInt(2000), Map.of(), null, false, random.nextBoolean(),
                overrides, "t", "u-" + random.nextInt(500), NOW, false, null);
    }
}
