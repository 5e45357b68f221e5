package dev.pareto.policies.bandit;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the models that a decision allows: LinUCB on the probability of a good answer with fading labels (PILOT, arXiv 2508.21141),
 * a price on money that paces a budget, a floor kept by lower bounds, and small stated shares of requests to learn from. The same state,
 * request and seed give the same choice. A unit keeps its model unless that becomes impossible or clearly worse. Thread-safe; every call is
 * short. What it remembers is bounded: the oldest unit or unlabelled answer is forgotten first.
 */
public final class ConstrainedBandit {

    private static final int MOST_OPEN = 100_000;
    private static final int MOST_UNITS = 100_000;
    private static final int MOST_SEGMENTS = 1_000;

    private final BanditPlan plan;
    private final int dimension;
    private final Map<ModelId, SuccessHead> heads = new TreeMap<>();
    private final Map<String, BanditState.Open> open = bounded(MOST_OPEN);
    private final Map<String, BanditState.Seat> units = bounded(MOST_UNITS);
    private final Map<String, ModelId> leaders = bounded(MOST_SEGMENTS);
    private final Strata strata;
    private long draws;
    private @Nullable BudgetPacer pacer;

    /** @param dimension the length of every context's values */
    public ConstrainedBandit(BanditPlan plan, int dimension) {
        this.plan = requireNonNull(plan, "plan is null");
        this.dimension = dimension;
        this.strata = new Strata(plan.seed());
        if (dimension < 1 || dimension > Context.MOST) {
            throw new IllegalArgumentException("contexts have 1 to " + Context.MOST + " values, not " + dimension);
        }
    }

    /** Goes on where that state was taken. */
    public ConstrainedBandit(BanditPlan plan, BanditState state) {
        this(plan, state.dimension());
        state.heads().forEach((model, head) -> heads.put(model, new SuccessHead(dimension, plan.ridge(), head)));
        open.putAll(state.open());
        units.putAll(state.units());
        leaders.putAll(state.leaders());
        draws = state.draws();
        pacer = state.pacer();
    }

    /** All of it as of one moment. Choices wait while it is noted, not while it is put together. */
    public BanditState state() {
        Map<ModelId, SuccessHead.State> all = new TreeMap<>();
        Noted<BanditState.Open> openNow;
        Noted<BanditState.Seat> unitsNow;
        Noted<ModelId> leadersNow;
        long drawsNow;
        BudgetPacer pacerNow;
        synchronized (this) {
            heads.forEach((model, head) -> all.put(model, head.state()));
            openNow = Noted.of(open);
            unitsNow = Noted.of(units);
            leadersNow = Noted.of(leaders);
            drawsNow = draws;
            pacerNow = pacer;
        }
        return new BanditState(dimension, drawsNow, all, openNow.map(), unitsNow.map(), leadersNow.map(), pacerNow);
    }

    /** Keys and values of a map: two arrays are copied in a small part of the time that another map takes. */
    private record Noted<T>(List<String> keys, List<T> values) {

        static <T> Noted<T> of(Map<String, T> map) {
            return new Noted<>(new ArrayList<>(map.keySet()), new ArrayList<>(map.values()));
        }

        Map<String, T> map() {
            Map<String, T> map = LinkedHashMap.newLinkedHashMap(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                map.put(keys.get(i), values.get(i));
            }
            return map;
        }
    }

    /**
     * Chooses for a request.
     *
     * @param requestId by which cost and label come later
     * @param unit whose requests stay together; the request's own id for none
     * @param options that gate and constraints allow, and those suspended
     */
    public synchronized Choice choose(String requestId, String unit, Context context, List<Option> options,
            Instant at) {
        if (context.values().length != dimension) {
            throw new IllegalArgumentException(
                    "a context of " + context.values().length + " values where " + dimension + " are learned");
        }
        expire(at);
        if (plan.budget() != null) {
            pacer = (pacer == null ? BudgetPacer.begin(plan.budget(), at) : pacer).arrived(plan.budget(), at);
        }
        List<Rated> rated = options.stream().filter(this::affordable).map(one -> rate(one, context, at)).toList();
        List<Rated> allowed = rated.stream().filter(one -> !one.option().suspended()).toList();
        if (allowed.isEmpty()) {
            return pacer != null && plan.budget() != null
                    && options.stream().anyMatch(one -> !one.suspended() && !affordable(one))
                            ? new Choice.BudgetSpent(pacer.left(plan.budget()).toPlainString())
                            : new Choice.Nothing();
        }
        Rated best = leader(context.segment(), allowed);
        BanditState.Seat seat = requestId.equals(unit) ? null : units.get(unit);
        Rated seated = seat == null ? null : find(allowed, seat.model());
        Choice.Chosen chosen;
        if (seat != null && seated != null && (seat.drawn() || best.worth() - seated.worth() < plan.gain())
                && (seat.drawn() || safe(seated) || !safe(best))) {
            chosen = new Choice.Chosen(seat.model(), seat.propensity(), seat.propensities(), Choice.Why.STAYS,
                    seated.worth(), seated.lower());
        } else {
            chosen = draw(rated, allowed, best);
        }
        remember(requestId, unit, context, chosen, rated, at);
        return chosen;
    }

    private record Rated(Option option, double worth, double lower) {}

    private Rated rate(Option option, Context context, Instant at) {
        SuccessHead head = heads.computeIfAbsent(option.model(),
                model -> new SuccessHead(dimension, plan.ridge(), option.prior() == null ? 0.5 : option.prior()));
        head.expect(option.prior(), option.priorLabels());
        double mean = head.mean(context.values());
        double error = head.error(context.values());
        double price = pacer == null ? 0 : pacer.price();
        double cost = option.cost() == null ? 1 : option.cost().amount().doubleValue() / plan.costUnit();
        double share = pacer == null || plan.budget() == null
                ? plan.costUnit()
                : Math.max(1e-12, pacer.share(plan.budget(), at));
        double paced = price * cost * plan.costUnit() / Math.max(share, plan.costUnit() * 1e-6);
        double worth = plan.accuracy() * Math.min(1, mean + plan.optimism() * error) - plan.cost() * cost
                - Math.min(paced, 1e6) - plan.latency() * option.latencySeconds();
        return new Rated(option, worth, mean - plan.confidence() * error);
    }

    private boolean affordable(Option option) {
        return plan.budget() == null || pacer == null
                || (option.worstCost() != null && pacer.affords(plan.budget(), option.worstCost()));
    }

    private boolean safe(Rated one) {
        return plan.floor() == null || one.lower() >= plan.floor();
    }

    /** The one worth most of those that keep the floor, or else the one that comes nearest to it; a small gain changes nothing. */
    private Rated leader(String segment, List<Rated> all) {
        ModelId before = leaders.get(segment);
        List<Rated> allowed = settled(all, before);
        List<Rated> safe = allowed.stream().filter(this::safe).toList();
        Rated best = null;
        for (Rated one : safe.isEmpty() ? allowed : safe) {
            boolean more = best == null
                    || (safe.isEmpty() ? one.lower() > best.lower() : one.worth() > best.worth());
            best = more ? one : best;
        }
        Rated same = before == null ? null : find(safe.isEmpty() ? allowed : safe, before);
        Rated leader = requireNonNull(best);
        if (same != null && (safe.isEmpty()
                ? leader.lower() - same.lower() < plan.gain()
                : leader.worth() - same.worth() < plan.gain())) {
            leader = same;
        }
        leaders.put(segment, leader.option().model());
        return leader;
    }

    /** A latency that few answers tell of wins nothing where others are known. */
    private static List<Rated> settled(List<Rated> all, @Nullable ModelId leader) {
        List<Rated> settled = all.stream()
                .filter(one -> !one.option().unsettled() || one.option().model().equals(leader))
                .toList();
        return settled.isEmpty() ? all : settled;
    }

    /** The stated shares, laid end to end, and one draw that falls into one of them. */
    private Choice.Chosen draw(List<Rated> rated, List<Rated> allowed, Rated best) {
        List<ModelId> others = allowed.stream()
                .map(one -> one.option().model())
                .filter(model -> !model.equals(best.option().model()))
                .toList();
        List<ModelId> suspended = rated.stream()
                .filter(one -> one.option().suspended() && one.worth() > best.worth() && safe(one))
                .map(one -> one.option().model())
                .toList();
        List<ModelId> doubted = allowed.stream()
                .filter(one -> !one.option().model().equals(best.option().model())
                        && one.option().unsettled()
                        && (plan.latency() > 0 || one.worth() > best.worth()))
                .map(one -> one.option().model())
                .toList();
        List<ModelId> newcomers = others.stream().filter(model -> head(model).chosen() < plan.trials()).toList();
        List<Slice> slices = new ArrayList<>();
        slices(slices, suspended, plan.probe(), Choice.Why.PROBED);
        slices(slices, others, plan.explore(), Choice.Why.EXPLORED);
        slices(slices, doubted, plan.confirm(), Choice.Why.CONFIRMED);
        slices(slices, newcomers, plan.newcomer(), Choice.Why.TRIED);
        slices.add(new Slice(best.option().model(),
                1 - slices.stream().mapToDouble(Slice::share).sum(), Choice.Why.BEST));
        Map<ModelId, Double> shares = new LinkedHashMap<>();
        slices.forEach(slice -> shares.merge(slice.model(), slice.share(), Double::sum));
        double position = strata.position(draws++);
        Slice drawn = slices.getLast();
        for (Slice slice : slices.reversed()) {
            position -= slice.share();
            if (position < 0) {
                drawn = slice;
                break;
            }
        }
        Rated chosen = requireNonNull(find(rated, drawn.model()));
        return new Choice.Chosen(drawn.model(), requireNonNull(shares.get(drawn.model())), shares, drawn.why(),
                chosen.worth(), chosen.lower());
    }

    private record Slice(ModelId model, double share, Choice.Why why) {}

    private static void slices(List<Slice> slices, List<ModelId> models, double share, Choice.Why why) {
        models.forEach(model -> slices.add(new Slice(model, share / models.size(), why)));
    }

    private void remember(String requestId, String unit, Context context, Choice.Chosen chosen, List<Rated> rated,
            Instant at) {
        head(chosen.model()).choose();
        Option option = requireNonNull(find(rated, chosen.model())).option();
        BigDecimal worst = option.worstCost() == null ? BigDecimal.ZERO : option.worstCost().amount();
        if (pacer != null && option.worstCost() != null) {
            pacer = pacer.reserve(option.worstCost());
        }
        if (open.size() >= MOST_OPEN) {
            forget(open.keySet().iterator().next(), at);
        }
        open.put(requestId, new BanditState.Open(chosen.model(), context.values(), worst, at));
        if (!requestId.equals(unit) && chosen.why() != Choice.Why.PROBED) {
            boolean drawn = chosen.why() == Choice.Why.EXPLORED || chosen.why() == Choice.Why.TRIED
                    || chosen.why() == Choice.Why.CONFIRMED;
            BanditState.Seat before = units.get(unit);
            units.put(unit, new BanditState.Seat(chosen.model(), chosen.propensity(), chosen.propensities(),
                    drawn || (before != null && chosen.why() == Choice.Why.STAYS && before.drawn())));
        }
    }

    /** A request has ended and cost so much; of a cost that nobody knows the worst case stands. */
    public synchronized void settle(String requestId, @Nullable BigDecimal cost, Instant at) {
        BanditState.Open one = open.get(requestId);
        if (one != null && pacer != null && plan.budget() != null && !one.settled()) {
            pacer = pacer.settle(plan.budget(), one.worst(), cost == null ? one.worst() : cost, at);
            keep(requestId, one.ended());
        }
    }

    /**
     * Somebody says how good an answer was, at any later time.
     *
     * @param value 0 (bad) to 1 (good)
     * @return the model that is found changed by this label, so that what was known of it is forgotten; null for none, and for a label
     *         that nobody waits for
     */
    public synchronized @Nullable ModelId label(String requestId, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("a label is between 0 and 1, got " + value);
        }
        BanditState.Open one = open.get(requestId);
        if (one == null || one.labelled()) {
            return null;
        }
        keep(requestId, one.known());
        boolean changed = head(one.model()).label(one.context(), value, plan.forgetting(),
                Math.log(2 * plan.falseAlarms()));
        return changed ? one.model() : null;
    }

    /** Who was chosen for a request that is still open; null for an unknown one. */
    public synchronized @Nullable ModelId chosen(String requestId) {
        BanditState.Open one = open.get(requestId);
        return one == null ? null : one.model();
    }

    private void keep(String requestId, BanditState.Open one) {
        if (one.labelled() && (one.settled() || plan.budget() == null)) {
            open.remove(requestId);
        } else {
            open.put(requestId, one);
        }
    }

    /** Probability of a good answer in a context, and one standard error of it; null for a model never seen. */
    public synchronized double @Nullable [] forecast(ModelId model, Context context) {
        SuccessHead head = heads.get(model);
        return head == null ? null : new double[]{head.mean(context.values()), head.error(context.values())};
    }

    /** Changes of the model found so far. */
    public synchronized long alarms(ModelId model) {
        SuccessHead head = heads.get(model);
        return head == null ? 0 : head.alarms();
    }

    /** Labels that count for the model since it was last found changed. */
    public synchronized long labels(ModelId model) {
        SuccessHead head = heads.get(model);
        return head == null ? 0 : head.labels();
    }

    private SuccessHead head(ModelId model) {
        return requireNonNull(heads.get(model), () -> "no head of " + model);
    }

    private static @Nullable Rated find(List<Rated> among, ModelId model) {
        return among.stream().filter(one -> one.option().model().equals(model)).findFirst().orElse(null);
    }

    private void expire(Instant at) {
        Duration within = plan.labelsWithin();
        List<String> old = new ArrayList<>();
        for (Map.Entry<String, BanditState.Open> entry : open.entrySet()) {
            if (!entry.getValue().at().plus(within).isBefore(at)) {
                break;
            }
            old.add(entry.getKey());
        }
        old.forEach(id -> forget(id, at));
    }

    /** A call that never reported its end is counted at its worst. */
    private void forget(String requestId, Instant at) {
        settle(requestId, null, at);
        open.remove(requestId);
    }

    private <T> Map<String, T> bounded(int most) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > most;
            }
        };
    }
}
