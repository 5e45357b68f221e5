package dev.pareto.dashboards.finance;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Divides the difference between two periods into effects that add up to it exactly.
 *
 * <p>First come prices: each line bought at a price that was not paid before is held against the average of the prices that
 * went away. All else is then told at the prices of before. Volume scales everything by the requests; of calls that answer
 * callers, prompts and answers are what tokens per request add to that; cache is how each model's prompts divide among fresh,
 * read and written, at equal tokens; waste and overhead are what they exceed volume by. Mix is the rest. Every effect but mix
 * is rounded half to even to twelve decimals, so that mix also bears what rounding leaves.
 *
 * <p>Waste is known by model, not by charge line: a model's lines are taken to be wasted in the proportion of its cost.
 */
final class Drivers {

    private static final MathContext EXACT_ENOUGH = new MathContext(50, RoundingMode.HALF_EVEN);

    private final Side before;
    private final Side now;
    /** How many times as many requests. */
    private final BigDecimal ratio;

    private Drivers(Side before, Side now) {
        this.before = before;
        this.now = now;
        this.ratio = before.requests() == 0
                ? BigDecimal.ONE
                : divide(BigDecimal.valueOf(now.requests()), BigDecimal.valueOf(before.requests()));
    }

    /**
     * What was bought of one bucket of one model at one price.
     *
     * @param overhead whether calls beside answers bought it
     * @param price the unit price and what it is per; empty where the line has none
     */
    record Line(String model, boolean overhead, String bucket, String price, BigDecimal quantity, BigDecimal cost) {

        /** Together with more of the same at the same price. */
        Line plus(Line other) {
            return new Line(model, overhead, bucket, price, quantity.add(other.quantity), cost.add(other.cost));
        }
    }

    /**
     * One period.
     *
     * @param wasted cost of calls without a whole answer, by model, of calls that answer callers
     * @param cost of all calls
     */
    record Side(long requests, List<Line> lines, Map<String, BigDecimal> wasted, BigDecimal cost,
            BigDecimal adjustments) {

        Side {
            lines = List.copyOf(lines);
            wasted = Map.copyOf(wasted);
        }
    }

    static Map<Effect, BigDecimal> between(Side before, Side now) {
        return new Drivers(before, now).effects();
    }

    private Map<Effect, BigDecimal> effects() {
        Map<Effect, BigDecimal> effects = new EnumMap<>(Effect.class);
        for (Effect effect : Effect.values()) {
            effects.put(effect, BigDecimal.ZERO);
        }
        effects.put(Effect.ADJUSTMENTS, now.adjustments().subtract(before.adjustments()));
        BigDecimal whole = now.cost().subtract(before.cost());
        if (before.requests() == 0 && before.cost().signum() == 0) {
            effects.put(Effect.VOLUME, whole);
            return effects;
        }
        List<Line> constant = atOldPrices();
        effects.put(Effect.PRICE, rounded(sum(now.lines(), line -> true).subtract(sum(constant, line -> true))));
        effects.put(Effect.VOLUME, rounded(before.cost().multiply(ratio).subtract(before.cost())));
        effects.put(Effect.OVERHEAD,
                rounded(sum(constant, Line::overhead).subtract(ratio.multiply(sum(before.lines(), Line::overhead)))));
        List<Line> useful0 = useful(before.lines(), before);
        List<Line> useful1 = useful(constant, now);
        BigDecimal wasted0 = facing(before.lines()).subtract(facing(useful0));
        BigDecimal wasted1 = facing(constant).subtract(facing(useful1));
        effects.put(Effect.WASTE, rounded(wasted1.subtract(ratio.multiply(wasted0))));
        effects.put(Effect.PROMPTS, rounded(tokens(useful0, useful1, Buckets::isPrompt)));
        effects.put(Effect.ANSWERS, rounded(tokens(useful0, useful1, Buckets::isOutput)));
        effects.put(Effect.CACHE, rounded(cache(useful0, useful1)));
        BigDecimal told = effects.entrySet()
                .stream()
                .filter(effect -> effect.getKey() != Effect.ADJUSTMENTS)
                .map(Map.Entry::getValue)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        effects.put(Effect.MIX, whole.subtract(told));
        return effects;
    }

    /** The lines of now, at what they would have cost before. */
    private List<Line> atOldPrices() {
        Map<String, List<Line>> old = byBucket(before.lines());
        Map<String, List<Line>> fresh = byBucket(now.lines());
        List<Line> constant = new ArrayList<>();
        for (Line line : now.lines()) {
            List<Line> were = old.getOrDefault(key(line), List.of());
            List<Line> are = fresh.getOrDefault(key(line), List.of());
            boolean paidBefore = were.stream().anyMatch(other -> other.price().equals(line.price()));
            List<Line> gone = were.stream()
                    .filter(other -> are.stream().noneMatch(stays -> stays.price().equals(other.price())))
                    .toList();
            List<Line> base = gone.isEmpty() ? were : gone;
            BigDecimal quantity = quantity(base);
            boolean comparable = !line.price().isEmpty() && !paidBefore && quantity.signum() > 0;
            constant.add(comparable
                    ? new Line(line.model(), line.overhead(), line.bucket(), line.price(), line.quantity(),
                            divide(line.quantity().multiply(sum(base, one -> true)), quantity))
                    : line);
        }
        return constant;
    }

    /** Lines of calls that answer callers, less the part that their model wasted. */
    private static List<Line> useful(List<Line> lines, Side side) {
        Map<String, BigDecimal> spent = new HashMap<>();
        side.lines()
                .stream()
                .filter(line -> !line.overhead())
                .forEach(
                        line -> spent.merge(line.model(), line.cost(), BigDecimal::add));
        List<Line> useful = new ArrayList<>();
        for (Line line : lines) {
            BigDecimal all = spent.getOrDefault(line.model(), BigDecimal.ZERO);
            if (!line.overhead()) {
                BigDecimal wasted = side.wasted().getOrDefault(line.model(), BigDecimal.ZERO);
                BigDecimal part = all.signum() <= 0
                        ? BigDecimal.ONE
                        : BigDecimal.ONE.subtract(divide(wasted, all).max(BigDecimal.ZERO).min(BigDecimal.ONE));
                useful.add(new Line(line.model(), false, line.bucket(), line.price(),
                        line.quantity().multiply(part, EXACT_ENOUGH), line.cost().multiply(part, EXACT_ENOUGH)));
            }
        }
        return useful;
    }

    /** What tokens for each request add, at the average price of before. */
    private BigDecimal tokens(List<Line> useful0, List<Line> useful1, Predicate<String> bucket) {
        List<Line> old = useful0.stream().filter(line -> bucket.test(line.bucket())).toList();
        BigDecimal were = quantity(old);
        if (were.signum() == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal are = quantity(useful1.stream().filter(line -> bucket.test(line.bucket())).toList());
        return sum(old, line -> true).multiply(divide(are, were).subtract(ratio));
    }

    /** What another division of each model's prompts among fresh, read and written costs, at equal tokens. */
    private static BigDecimal cache(List<Line> useful0, List<Line> useful1) {
        Set<String> models = new TreeSet<>();
        useful0.forEach(line -> models.add(line.model()));
        BigDecimal effect = BigDecimal.ZERO;
        for (String model : models) {
            List<Line> old = prompts(useful0, model);
            List<Line> fresh = prompts(useful1, model);
            Set<String> priced = new HashSet<>();
            old.forEach(line -> priced.add(line.bucket()));
            boolean known = fresh.stream().allMatch(line -> priced.contains(line.bucket()) || cached(line.bucket()));
            if (quantity(old).signum() > 0 && quantity(fresh).signum() > 0 && known) {
                BigDecimal average = divide(sum(old, line -> true), quantity(old));
                effect = effect.add(bucketsAtOldPrices(old, fresh).subtract(quantity(fresh).multiply(average)));
            }
        }
        return effect;
    }

    private static BigDecimal bucketsAtOldPrices(List<Line> old, List<Line> fresh) {
        BigDecimal cost = BigDecimal.ZERO;
        for (Line line : fresh) {
            List<Line> same = old.stream().filter(other -> other.bucket().equals(line.bucket())).toList();
            cost = cost.add(quantity(same).signum() > 0
                    ? divide(line.quantity().multiply(sum(same, one -> true)), quantity(same))
                    : line.cost());
        }
        return cost;
    }

    private static boolean cached(String bucket) {
        return bucket.startsWith("cache_");
    }

    private static List<Line> prompts(List<Line> lines, String model) {
        return lines.stream()
                .filter(line -> line.model().equals(model) && Buckets.isPrompt(line.bucket()))
                .toList();
    }

    private static Map<String, List<Line>> byBucket(List<Line> lines) {
        Map<String, List<Line>> found = new HashMap<>();
        lines.forEach(line -> found.computeIfAbsent(key(line), key -> new ArrayList<>()).add(line));
        return found;
    }

    private static String key(Line line) {
        return line.model() + '\n' + line.bucket();
    }

    private static BigDecimal facing(List<Line> lines) {
        return sum(lines, line -> !line.overhead());
    }

    private static BigDecimal sum(List<Line> lines, Predicate<Line> which) {
        return lines.stream().filter(which).map(Line::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal quantity(List<Line> lines) {
        return lines.stream().map(Line::quantity).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
        return dividend.divide(divisor, EXACT_ENOUGH);
    }

    private static BigDecimal rounded(BigDecimal value) {
        return value.setScale(Money.SCALE, RoundingMode.HALF_EVEN);
    }
}
