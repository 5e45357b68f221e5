package dev.pareto.evals.stats.sequential;

/** A lower bound for the mean of observations in [0, 1] that holds at every look at once. Not thread-safe. */
public sealed interface LowerSequence permits EmpiricalBernstein, PredictableHoeffding {

    /** Takes the next observation, within [0, 1]. */
    void add(double x);

    /** The bound from all observations so far; at least 0. It may fall again: {@link #highest} does not. */
    double lower();

    /** The highest bound at any look so far, which holds as well when the mean does not drift. */
    double highest();
}
