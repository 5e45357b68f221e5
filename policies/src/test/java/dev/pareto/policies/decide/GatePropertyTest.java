package dev.pareto.policies.decide;

import static dev.pareto.policies.decide.World.NOW;
import static dev.pareto.policies.decide.World.latency;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Hold;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.guard.Monitor;
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
    private static final String DIVIDED = "swaps: {r: {to: local/a, approval: automatic, dwell: 0 s, "
            + "segments: {by: intent, closed: [refund]}}}";
    private static final List<Map<String, String>> TAGS = List.of(Map.of(), Map.of("intent", "refund"),
            Map.of("intent", "billing"), Map.of("intent", "orders", "team", "x"), Map.of("Intent", "billing"));

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
            Arm arm = arm();
            Decision decision = engine.decide(request, world, arm);
            if (i % 10 == 0) {
                assertThat(engine.decide(request, world, arm)).isEqualTo(decision);
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
        SwapPlan plan = world.config().swaps().get("r");
        if (plan != null) {
            assertThat(request.tags().get("intent")).as("refunds stay closed, and so may what says nothing")
                    .isIn("billing", "orders");
        }
        SwapKey key = new SwapKey("r", model);
        Swap swap = world.swaps().find(key);
        Hold hold = swap == null ? null : swap.hold();
        if (hold != null && hold.kind() == Hold.Kind.OVERRIDE && hold.until().isAfter(request.at())) {
            assertThat(Assignment.within(key.salt(), request.unit(), hold.share())).isTrue();
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
        assertThat(plan == null || plan.to().equals(model) || swap != null)
                .as("an entry for another model opens nobody by himself")
                .isTrue();
        if (swap != null) {
            assertThat(swap.state()).isIn(SwapState.RAMP, SwapState.OPEN);
            assertThat(Assignment.within(key.salt(), request.unit(), swap.share())).isTrue();
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
                                %s
                                """.formatted(candidates, objective, limits, ending,
                        candidates.contains("local/a") && random.nextBoolean() ? DIVIDED : ""));
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
                key -> swap != null && swap.key().equals(key) ? swap : null,
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
        Hold hold = random.nextInt(3) > 0
                ? null
                : new Hold(random.nextBoolean() ? Hold.Kind.FREEZE : Hold.Kind.OVERRIDE, random.nextInt(5) / 4.0, "ann",
                        "random",
                        NOW.minusSeconds(100), NOW.plusSeconds(random.nextInt(200) - 99));
        return new Swap(new SwapKey("r", open), state, state.serves() ? random.nextInt(5) / 4.0 : 0, 0, NOW, null,
                random.nextInt(5) == 0 ? "f0" : null, null, 0, null, hold, Monitor.FRESH, "random");
    }

    /** An experiment's, for every other request; its model may be none of the route's. */
    private @Nullable Arm arm() {
        return random.nextBoolean()
                ? null
                : new Arm("a", OPEN.get(random.nextInt(OPEN.size())), random.nextBoolean() ? "p" : null, null, 0.5);
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
        return new RequestFeatures("q-" + i, "r", random.nextInt(2000), null, false, random.nextBoolean(),
                overrides, "t", "u-" + random.nextInt(500), NOW, false, null, TAGS.get(random.nextInt(TAGS.size())));
    }
}
