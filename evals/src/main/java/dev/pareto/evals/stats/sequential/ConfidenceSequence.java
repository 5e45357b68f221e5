package dev.pareto.evals.stats.sequential;

import java.util.function.DoubleFunction;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Quantiles;

/**
 * A two-sided interval for the mean of observations in [0, 1] that holds at every look at once: a lower sequence on the
 * observations and another on their mirror image, each at half of alpha. Not thread-safe.
 */
public final class ConfidenceSequence {

    private final LowerSequence upward;
    private final LowerSequence downward;

    /** Both sides made by {@code side} from their error probability, e.g. {@code EmpiricalBernstein::new}. */
    public ConfidenceSequence(double alpha, DoubleFunction<? extends LowerSequence> side) {
        Quantiles.requireAlpha(alpha);
        this.upward = side.apply(alpha / 2);
        this.downward = side.apply(alpha / 2);
    }

    /** Takes the next observation, within [0, 1]. */
    public void add(double x) {
        upward.add(x);
        downward.add(1 - x);
    }

    /** The interval for the mean now; [0, 1] at the start. */
    public Interval interval() {
        return new Interval(upward.lower(), 1 - downward.lower());
    }

    /** The same for differences d in [-1, 1] that were given as (d + 1) / 2. */
    public Interval difference() {
        Interval unit = interval();
        return new Interval(2 * unit.lower() - 1, 2 * unit.upper() - 1);
    }
}
