package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The decision that a suite serves, stated before any answer is seen.
 *
 * @param margin how much worse is still good enough, e.g. 0.03; null when the suite leaves it to the caller
 * @param alpha one-sided level
 * @param grouping how items depend on each other
 * @param nMin fewest items that a verdict may rest on
 * @param nMax most items that a run asks; null for all
 * @param guards further conditions
 * @param falseDiscoveryRate at which worse slices are flagged; null for no flags
 * @param criticalStrata strata that must each be non-inferior at twice the margin
 * @param failCostUsd what one wrong answer costs, when the margin is to follow from it; null otherwise
 */
public record DecisionPlan(@Nullable Double margin, double alpha, Grouping grouping, int nMin,
        @Nullable Integer nMax, List<GuardPlan> guards, @Nullable Double falseDiscoveryRate,
        List<String> criticalStrata, @Nullable BigDecimal failCostUsd) {

    /** What holds where a suite says nothing. */
    public static final DecisionPlan DEFAULT = new DecisionPlan(null, 0.05, new Grouping.None(), 200, null, List.of(),
            null, List.of());

    /** Checks the ranges. */
    public DecisionPlan {
        requireNonNull(grouping, "grouping is null");
        guards = List.copyOf(guards);
        criticalStrata = List.copyOf(criticalStrata);
        if (failCostUsd != null && (margin != null || failCostUsd.signum() <= 0)) {
            throw new IllegalArgumentException("a margin is stated or follows from a positive cost, not both");
        }
        if (!(alpha > 0 && alpha < 0.5) || nMin < 1 || (nMax != null && nMax < nMin)) {
            throw new IllegalArgumentException("alpha must be within (0, 0.5), 1 <= n_min <= n_max");
        }
    }

    /** A plan whose margin does not depend on money. */
    public DecisionPlan(@Nullable Double margin, double alpha, Grouping grouping, int nMin, @Nullable Integer nMax,
            List<GuardPlan> guards, @Nullable Double falseDiscoveryRate, List<String> criticalStrata) {
        this(margin, alpha, grouping, nMin, nMax, guards, falseDiscoveryRate, criticalStrata, null);
    }
}
