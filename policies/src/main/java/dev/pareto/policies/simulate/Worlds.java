package dev.pareto.policies.simulate;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.bandit.BanditPlan;
import dev.pareto.policies.bandit.Budget;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.price.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The worlds that every build lives through, each drawn anew from a seed: two to six candidates, one kind of trouble after another. */
public final class Worlds {

    private static final Duration LIMIT = Duration.ofSeconds(6);
    private static final double PER_SECOND = 5;
    private static final double COST_UNIT = 0.002;
    private static final int MEASURED = 300;
    private static final int EPOCH = 1_200;

    private Worlds() {}

    public static List<WorldPlan> all(long seed) {
        return List.of(cheapest(seed), fastest(seed), quality(seed), budget(seed));
    }

    /** The cheapest of two to six that is fast enough: latency, health and price change in turn. */
    public static WorldPlan cheapest(long seed) {
        var random = new SplittableRandom(seed);
        int candidates = 2 + random.nextInt(5);
        Map<ModelId, Nature> start = candidates(random, candidates);
        ModelId best = model(0);
        ModelId next = model(1);
        Nature first = requireNonNull(start.get(best));
        Nature second = requireNonNull(start.get(next));
        List<WorldPlan.Change> changes = new ArrayList<>();
        double slower = 2.5 + 2 * random.nextDouble();
        changes.add(new WorldPlan.Change(EPOCH, best, WorldPlan.Kind.LATENCY, first.slower(slower)));
        changes.add(new WorldPlan.Change(2 * EPOCH, best, WorldPlan.Kind.LATENCY, first));
        changes.add(new WorldPlan.Change(3 * EPOCH, best, WorldPlan.Kind.HEALTH, first.down()));
        changes.add(new WorldPlan.Change(4 * EPOCH, best, WorldPlan.Kind.HEALTH, first));
        Nature dearer = first.priced("9", "36");
        changes.add(new WorldPlan.Change(5 * EPOCH, best, WorldPlan.Kind.PRICE, dearer));
        Nature cheaper = second.priced("0.01", "0.04");
        changes.add(new WorldPlan.Change(6 * EPOCH, next, WorldPlan.Kind.PRICE, cheaper));
        return new WorldPlan("cheapest of " + candidates, start, changes, Objective.MINIMISE_COST, LIMIT, MEASURED,
                BanditPlan.cheapest(null, COST_UNIT, seed), 7 * EPOCH, PER_SECOND, 0, Duration.ZERO, seed);
    }

    /** The fastest of two or three: the fastest slows down, then dies, then comes back. */
    public static WorldPlan fastest(long seed) {
        var random = new SplittableRandom(seed);
        Map<ModelId, Nature> start = candidates(random, 2 + random.nextInt(2));
        start.replaceAll((model, one) -> new Nature(0.5, 0.008, one.spread(), one.input(), one.output(), one.quality(),
                0, true).slower(model.equals(model(2)) ? 1.6 : 1));
        ModelId best = model(0);
        Nature nature = requireNonNull(start.get(best)).slower(0.5);
        start.put(best, nature);
        List<WorldPlan.Change> changes = List.of(
                new WorldPlan.Change(EPOCH, best, WorldPlan.Kind.LATENCY, nature.slower(4)),
                new WorldPlan.Change(2 * EPOCH, best, WorldPlan.Kind.LATENCY, nature),
                new WorldPlan.Change(3 * EPOCH, best, WorldPlan.Kind.HEALTH, nature.down()),
                new WorldPlan.Change(4 * EPOCH, best, WorldPlan.Kind.HEALTH, nature));
        return new WorldPlan("fastest of " + start.size(), start, changes, Objective.MINIMISE_LATENCY, null, MEASURED,
                BanditPlan.fastest(null, COST_UNIT, seed), 5 * EPOCH, PER_SECOND, 0, Duration.ZERO, seed);
    }

    /** The cheapest above an accuracy floor: its quality falls. One answer in four is rated, after a minute. */
    public static WorldPlan quality(long seed) {
        var random = new SplittableRandom(seed);
        Map<ModelId, Nature> start = candidates(random, 2 + random.nextInt(5));
        ModelId best = model(0);
        start.replaceAll((model, nature) -> nature.good(0.93));
        Nature nature = requireNonNull(start.get(best));
        double worse = 0.55 + 0.2 * random.nextDouble();
        List<WorldPlan.Change> changes = List
                .of(new WorldPlan.Change(4 * EPOCH, best, WorldPlan.Kind.QUALITY, nature.good(worse)));
        return new WorldPlan("quality among " + start.size(), start, changes, Objective.MINIMISE_COST, LIMIT, MEASURED,
                BanditPlan.cheapest(0.8, COST_UNIT, seed), 6 * EPOCH, PER_SECOND, 0.25, Duration.ofMinutes(1), seed);
    }

    /** The best answers that a day's budget buys, of three models that cost 1, 5 and 25; the dear one only pays for hard requests. */
    public static WorldPlan budget(long seed) {
        var random = new SplittableRandom(seed);
        Map<ModelId, Nature> start = new LinkedHashMap<>();
        start.put(model(0), new Nature(0.3, 0.008, 0.2, "0.1", "0.4", 0.62, 0.3, true));
        start.put(model(1), new Nature(0.4, 0.010, 0.2, "0.5", "2", 0.76, 0.15, true));
        start.put(model(2), new Nature(0.5, 0.012, 0.2, "2.5", "10", 0.93, 0.03, true));
        double perSecond = 6_000 / 86_400.0;
        double each = 0.0007 + 0.0008 * random.nextDouble();
        var cap = Money.rounded(java.math.BigDecimal.valueOf(6_000 * each), "USD");
        return new WorldPlan("best for a budget", start, List.of(), Objective.MINIMISE_COST, null, MEASURED,
                BanditPlan.best(new Budget(cap, Budget.Horizon.DAY), COST_UNIT, seed), 6_000, perSecond, 0.5,
                Duration.ofMinutes(10), seed);
    }

    /** Ever dearer ones, all fast and good enough, each a third or more dearer than the one before. */
    private static Map<ModelId, Nature> candidates(SplittableRandom random, int count) {
        Map<ModelId, Nature> natures = new LinkedHashMap<>();
        double price = 0.1 + 0.1 * random.nextDouble();
        for (int i = 0; i < count; i++) {
            double first = 0.3 + 0.3 * random.nextDouble();
            double token = 0.006 + 0.004 * random.nextDouble();
            natures.put(model(i), new Nature(first, token, 0.15 + 0.1 * random.nextDouble(), plain(price),
                    plain(4 * price), 0.9, 0, true));
            price *= 1.4 + random.nextDouble();
        }
        return natures;
    }

    private static String plain(double price) {
        return java.math.BigDecimal.valueOf(price).setScale(6, java.math.RoundingMode.HALF_EVEN).toPlainString();
    }

    static ModelId model(int number) {
        return ModelId.parse("vendor-" + (char) ('a' + number) + "/model");
    }
}
