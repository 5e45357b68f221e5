package dev.pareto.evals.stats;

import java.util.function.DoublePredicate;

/** Finds where a monotone condition ends, to the last bit: bounds of intervals that have no closed form. */
public final class Bisection {

    /** Enough to halve any finite range of doubles down to neighbours near a bound of ordinary size. */
    private static final int MOST_STEPS = 200;

    private Bisection() {}

    /** The largest number between {@code low}, where the condition holds, and {@code high} up to which it holds. */
    public static double last(double low, double high, DoublePredicate holds) {
        double holding = low;
        double failing = high;
        for (int step = 0; step < MOST_STEPS; step++) {
            double middle = holding + (failing - holding) / 2;
            if (middle <= holding || middle >= failing) {
                break;
            }
            if (holds.test(middle)) {
                holding = middle;
            } else {
                failing = middle;
            }
        }
        return holding;
    }
}
