package dev.pareto.evals.stats;

/** A closed interval on the real line; bounds may be infinite but never NaN. */
public record Interval(double lower, double upper) {

    /** Checks the order of the bounds. */
    public Interval {
        if (!(lower <= upper)) {
            throw new IllegalArgumentException("lower " + lower + " is not <= upper " + upper);
        }
    }

    /** Whether {@code value} lies within the bounds. */
    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }
}
