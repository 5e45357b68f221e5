package dev.pareto.policies.policy;

import dev.pareto.policies.price.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate must meet.
 *
 * @param accuracy every floor that holds; empty for none
 * @param firstTokenP95 null for no limit
 * @param totalP95 null for no limit
 * @param costAtMost of one request; null for no limit
 */
public record Constraints(List<AccuracyFloor> accuracy, @Nullable Duration firstTokenP95, @Nullable Duration totalP95,
        @Nullable Money costAtMost) {

    public static final Constraints NONE = new Constraints(List.of(), null, null, null);

    public Constraints {
        accuracy = List.copyOf(accuracy);
        positive("first-token-p95", firstTokenP95);
        positive("total-p95", totalP95);
        if (costAtMost != null && costAtMost.amount().signum() < 0) {
            throw new IllegalArgumentException("cost at-most is negative: " + costAtMost);
        }
    }

    /** Both hold: the tighter limit wins, every floor stays. */
    public Constraints and(Constraints other) {
        List<AccuracyFloor> floors = new ArrayList<>(accuracy);
        floors.addAll(other.accuracy);
        return new Constraints(floors.stream().distinct().toList(), least(firstTokenP95, other.firstTokenP95),
                least(totalP95, other.totalP95), least(costAtMost, other.costAtMost));
    }

    private static <T extends Comparable<T>> @Nullable T least(@Nullable T one, @Nullable T other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static void positive(String name, @Nullable Duration limit) {
        if (limit != null && (limit.isNegative() || limit.isZero())) {
            throw new IllegalArgumentException(name + " must be above zero, got " + limit);
        }
    }
}
