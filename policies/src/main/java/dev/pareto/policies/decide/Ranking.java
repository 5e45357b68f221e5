package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is better under an objective. Ties go to the model that served last, then to the baseline, then to the route's order; without a
 * policy only the order counts.
 */
final class Ranking implements Comparator<Weighing> {

    private static final double NANOS = 1e9;

    private @Nullable Objective objective;
    private @Nullable ModelId last;

    /**
     * Gives every candidate its score.
     *
     * @param served who served last; null for nobody
     */
    void begin(@Nullable Policy policy, List<Weighing> all, Bounds bounds, @Nullable ModelId served) {
        objective = policy == null ? null : policy.objective();
        last = served;
        switch (objective) {
            case null -> {
            }
            case Objective.Single single -> {
                if (single == Objective.Single.MAXIMISE_ACCURACY) {
                    errors(all, bounds);
                }
                for (int i = 0; i < all.size(); i++) {
                    Weighing one = all.get(i);
                    one.score = switch (single) {
                        case MINIMISE_COST -> dollars(one);
                        case MINIMISE_LATENCY -> seconds(one);
                        case MAXIMISE_ACCURACY -> one.score;
                    };
                }
            }
            case Objective.Weighted weighted -> {
                if (weighted.usdPerError().signum() > 0) {
                    errors(all, bounds);
                }
                for (int i = 0; i < all.size(); i++) {
                    Weighing one = all.get(i);
                    one.score = sum(weighted, one);
                }
            }
        }
    }

    void end() {
        objective = null;
        last = null;
    }

    private static double sum(Objective.Weighted weights, Weighing one) {
        double sum = 0;
        if (weights.usdPerError().signum() > 0) {
            sum += weights.usdPerError().doubleValue() * one.score;
        }
        if (weights.usdPerSecond().signum() > 0) {
            sum += weights.usdPerSecond().doubleValue() * seconds(one);
        }
        if (weights.cost().signum() > 0) {
            sum += weights.cost().doubleValue() * dollars(one);
        }
        return sum;
    }

    private static double dollars(Weighing one) {
        return one.cost == null ? Double.POSITIVE_INFINITY : one.cost.amount().doubleValue();
    }

    /** A model that was seen too seldom counts as fastest, so that it is seen. */
    private static double seconds(Weighing one) {
        return one.latency.totalP95() == null || !one.seen() ? 0 : one.latency.totalP95().toNanos() / NANOS;
    }

    /**
     * Scores by the probability of a wrong answer. Figures are compared only with their like: predictions where each feasible candidate has
     * one, else measured accuracies where each has one, else differences from the baseline.
     */
    private static void errors(List<Weighing> all, Bounds bounds) {
        boolean predicted = true;
        boolean measured = true;
        for (int i = 0; i < all.size(); i++) {
            Weighing one = all.get(i);
            if (one.candidate && one.feasible()) {
                predicted &= one.accuracy != null;
                measured &= !Double.isNaN(bounds.measured(one.model));
            }
        }
        for (int i = 0; i < all.size(); i++) {
            Weighing one = all.get(i);
            double accuracy = predicted
                    ? one.accuracy == null ? Double.NaN : one.accuracy.probability()
                    : measured ? bounds.measured(one.model) : difference(one);
            one.score = Double.isNaN(accuracy) ? 1 : 1 - accuracy;
        }
    }

    /** An accuracy on a scale on which the baseline is at 1; NaN where nothing is known. */
    private static double difference(Weighing one) {
        Evidence evidence = one.evidence;
        return one.baseline ? 1 : evidence == null ? Double.NaN : 1 + evidence.difference();
    }

    @Override
    public int compare(Weighing one, Weighing other) {
        int order = objective == null ? 0 : byObjective(one, other);
        if (order != 0 || one == other) {
            return order;
        }
        if (objective != null) {
            order = Boolean.compare(other.model.equals(last), one.model.equals(last));
            order = order != 0 ? order : Boolean.compare(other.baseline, one.baseline);
        }
        return order != 0 ? order : Integer.compare(one.order, other.order);
    }

    /** Money is compared to the last digit; a stated price beats an unknown one. */
    private int byObjective(Weighing one, Weighing other) {
        if (Objective.MINIMISE_COST.equals(objective)) {
            Money mine = one.cost;
            Money theirs = other.cost;
            return mine == null || theirs == null
                    ? Boolean.compare(mine == null, theirs == null)
                    : mine.amount().compareTo(theirs.amount());
        }
        return Double.compare(one.score, other.score);
    }

    /** What part of its score the one would gain by giving way to the other; infinite where nothing is known of it. */
    static double gain(Weighing one, Weighing other) {
        if (Double.isInfinite(one.score)) {
            return Double.isInfinite(other.score) ? 0 : Double.POSITIVE_INFINITY;
        }
        double gain = one.score - other.score;
        return gain <= 0 ? 0 : one.score == 0 ? Double.POSITIVE_INFINITY : gain / Math.abs(one.score);
    }

    /** Of a short list, in place: insertion, which allocates nothing. */
    void sort(List<Weighing> list) {
        for (int i = 1; i < list.size(); i++) {
            Weighing moved = list.get(i);
            int to = i;
            while (to > 0 && compare(moved, list.get(to - 1)) < 0) {
                list.set(to, list.get(to - 1));
                to--;
            }
            list.set(to, moved);
        }
    }
}
