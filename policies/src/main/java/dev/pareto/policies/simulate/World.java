package dev.pareto.policies.simulate;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.bandit.Choice;
import dev.pareto.policies.bandit.ConstrainedBandit;
import dev.pareto.policies.bandit.Context;
import dev.pareto.policies.bandit.Option;
import dev.pareto.policies.bandit.Options;
import dev.pareto.policies.catalog.CircuitBreaker;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.Outcome;
import dev.pareto.policies.decide.Overrides;
import dev.pareto.policies.decide.PolicyEngine;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.decide.Snapshot;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.predict.LatencyBoard;
import dev.pareto.policies.predict.OutputLengths;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Lives through a {@link WorldPlan}: requests come at a steady rate, the engine and the bandit decide by what they have seen so far,
 * answers and ratings arrive when they would, and nothing but the clock and the vendors is made up. Deterministic. Not thread-safe.
 */
public final class World {

    static final String ROUTE = "world";
    static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");
    /** No answer is longer, so that a worst cost is known. */
    static final int MOST_TOKENS = 512;
    private static final int USUAL_TOKENS = 220;
    private static final double LENGTH_SPREAD = 0.3;
    private static final double FAILURE_SECONDS = 0.4;

    private final WorldPlan plan;
    private final SplittableRandom random;
    private final PolicyEngine engine = new PolicyEngine();
    private final ConstrainedBandit bandit;
    private final ParetoConfig config;
    private final LatencyBoard board;
    private final OutputLengths lengths = new OutputLengths();
    private final Map<ModelId, Nature> natures;
    private final Map<ModelId, Breaker> breakers = new LinkedHashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingDouble(Event::at).thenComparingLong(Event::order));
    private final List<WorldRun.Step> steps = new ArrayList<>();
    private final List<WorldRun.Alarm> alarms = new ArrayList<>();
    private double now;
    private long order;

    private record Event(double at, long order, Runnable happens) {}

    private record Request(int number, String id, int promptTokens, int outputTokens, double ease, double luck) {}

    private World(WorldPlan plan) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
        this.bandit = new ConstrainedBandit(plan.bandit(), 2);
        this.config = WorldConfig.of(plan);
        this.board = new LatencyBoard(() -> (long) (now * 1e9));
        this.natures = new LinkedHashMap<>(plan.start());
        natures.keySet().forEach(model -> breakers.put(model, new Breaker(CircuitBreaker.DEFAULT)));
    }

    public static WorldRun run(WorldPlan plan) {
        World world = new World(plan);
        for (int number = 0; number < plan.requests(); number++) {
            world.until(number / plan.perSecond());
            world.change(number);
            world.request(number);
        }
        return new WorldRun(plan, world.steps, world.alarms);
    }

    static Instant at(WorldPlan plan, int request) {
        return BEGIN.plusNanos((long) (request / plan.perSecond() * 1e9));
    }

    private void until(double time) {
        while (!events.isEmpty() && requireNonNull(events.peek()).at() <= time) {
            Event event = requireNonNull(events.poll());
            now = event.at();
            event.happens().run();
        }
        now = time;
    }

    private void later(double seconds, Runnable happens) {
        events.add(new Event(now + seconds, order++, happens));
    }

    private void change(int number) {
        for (WorldPlan.Change change : plan.changes()) {
            if (change.request() == number) {
                natures.put(change.model(), change.nature());
            }
        }
    }

    private void request(int number) {
        double ease = 2 * random.nextDouble() - 1;
        int prompt = 200 + random.nextInt(600);
        int output = (int) Math.clamp(USUAL_TOKENS * Math.exp(LENGTH_SPREAD * random.nextGaussian()), 20,
                MOST_TOKENS);
        var request = new Request(number, "r-" + number, prompt, output, ease, random.nextDouble());
        Instant at = at(plan, number);
        var features = new RequestFeatures(request.id(), ROUTE, prompt, MOST_TOKENS, false, false, Overrides.NONE,
                "tenant", at);
        Snapshot snapshot = Snapshot.of(config)
                .withLatencies(board)
                .availableWhen(model -> breaker(model).available(now));
        Decision decision = engine.decide(features, withLengths(snapshot));
        if (!(decision.outcome() instanceof Outcome.Chosen engines)) {
            steps.add(WorldRun.Step.refused(number, ease, oracle(request)));
            return;
        }
        var context = new Context(ROUTE, new double[]{1, ease});
        List<Option> options = Options.of(decision, model -> worst(model, prompt, at),
                model -> board.forecast(model, USUAL_TOKENS).unsettled())
                .stream()
                .map(this::measured)
                .toList();
        Choice choice = bandit.choose(request.id(), request.id(), context, options, at);
        switch (choice) {
            case Choice.Chosen chosen -> serve(request, chosen, engines);
            case Choice.BudgetSpent ignored -> steps.add(WorldRun.Step.refused(number, ease, oracle(request)));
            // nobody is feasible: the engine's closest
            case Choice.Nothing ignored -> serve(request,
                    new Choice.Chosen(engines.model(), 1, Map.of(engines.model(), 1.0), Choice.Why.BEST, 0, 0),
                    engines);
        }
    }

    private Snapshot withLengths(Snapshot bare) {
        return new Snapshot(bare.config(), bare.latencies(), bare.verdicts(), bare.swaps(), bare.available(),
                bare.fingerprint(), lengths::estimate, bare.accuracies(), bare.lastServed());
    }

    private void serve(Request request, Choice.Chosen chosen, Outcome.Chosen engines) {
        List<ModelId> chain = new ArrayList<>(List.of(chosen.model()));
        engines.fallbacks().stream().filter(model -> !chain.contains(model)).forEach(chain::add);
        if (!chain.contains(engines.model())) {
            chain.add(engines.model());
        }
        double latency = 0;
        ModelId served = null;
        for (ModelId model : chain) {
            if (!breaker(model).permits(now)) {
                continue;
            }
            if (nature(model).up()) {
                served = model;
                break;
            }
            latency += FAILURE_SECONDS;
            later(latency, () -> breaker(model).ended(true, now));
        }
        double success = served == null ? 0 : nature(served).success(request.ease());
        boolean good = request.luck() < success;
        double cost = served == null ? 0 : nature(served).cost(request.promptTokens(), request.outputTokens());
        if (served != null) {
            latency += answer(request, served, latency, cost);
        } else {
            later(latency, () -> bandit.settle(request.id(), BigDecimal.ZERO, World.BEGIN));
        }
        boolean labelled = served != null && served.equals(chosen.model()) && random.nextDouble() < plan.labelled();
        if (labelled) {
            int step = steps.size();
            later(latency + plan.labelDelay().toNanos() / 1e9, () -> label(request.id(), good, step));
        }
        steps.add(new WorldRun.Step(request.number(), request.ease(), chosen.model(), served, chosen.why(),
                chosen.propensity(), chosen.propensities(), good ? 1 : 0, success, cost, latency, labelled,
                oracle(request), truths(request)));
    }

    private double answer(Request request, ModelId served, double before, double cost) {
        Nature nature = nature(served);
        double noise = Math.exp(nature.spread() * random.nextGaussian());
        double whole = nature.medianSeconds(request.outputTokens()) * noise;
        later(before + whole, () -> {
            breaker(served).ended(false, now);
            board.tracker(served)
                    .record((long) (nature.firstTokenSeconds() * noise * 1e9), (long) (whole * 1e9),
                            request.outputTokens(), true);
            lengths.observe(ROUTE, request.outputTokens());
            bandit.settle(request.id(), BigDecimal.valueOf(cost).setScale(Money.SCALE, java.math.RoundingMode.UP),
                    BEGIN.plusNanos((long) (now * 1e9)));
        });
        return whole;
    }

    private void label(String id, boolean good, int step) {
        ModelId changed = bandit.label(id, good ? 1 : 0);
        if (changed != null) {
            alarms.add(new WorldRun.Alarm(changed, step, steps.size()));
        }
    }

    /** Each candidate was measured before it came: that is what its quality was at the start. */
    private Option measured(Option bare) {
        return new Option(bare.model(), bare.cost(), bare.worstCost(), bare.latencySeconds(),
                requireNonNull(plan.start().get(bare.model())).quality(), plan.measured(), bare.suspended(),
                bare.unsettled());
    }

    /** What each candidate would bring in truth. */
    private Map<ModelId, WorldRun.Truth> truths(Request request) {
        Map<ModelId, WorldRun.Truth> truths = new LinkedHashMap<>();
        natures.forEach((model, nature) -> truths.put(model, new WorldRun.Truth(
                nature.up() ? nature.success(request.ease()) : 0,
                nature.cost(request.promptTokens(), request.outputTokens()),
                nature.p95Seconds(USUAL_TOKENS))));
        return truths;
    }

    /** Who should serve by the truth: of those that are up, fast and good enough, the best by the plan's weights. */
    private @Nullable ModelId oracle(Request request) {
        Double limit = plan.latencyLimit() == null ? null : plan.latencyLimit().toNanos() / 1e9;
        Double floor = plan.bandit().floor();
        return natures.entrySet()
                .stream()
                .filter(one -> one.getValue().up())
                .filter(one -> limit == null || one.getValue().p95Seconds(USUAL_TOKENS) <= limit)
                .filter(one -> floor == null || one.getValue().success(request.ease()) >= floor)
                .max(Comparator.comparingDouble(one -> worth(one.getValue(), request)))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private double worth(Nature nature, Request request) {
        return plan.bandit().accuracy() * nature.success(request.ease())
                - plan.bandit().cost() * nature.cost(request.promptTokens(), USUAL_TOKENS) / plan.bandit().costUnit()
                - plan.bandit().latency() * nature.p95Seconds(USUAL_TOKENS);
    }

    private @Nullable Money worst(ModelId model, int prompt, Instant at) {
        return WorldConfig.cost(config, model, prompt, MOST_TOKENS, at);
    }

    private Nature nature(ModelId model) {
        return requireNonNull(natures.get(model));
    }

    private Breaker breaker(ModelId model) {
        return requireNonNull(breakers.get(model));
    }
}
