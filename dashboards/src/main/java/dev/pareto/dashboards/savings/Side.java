package dev.pareto.dashboards.savings;

/** Which way a unit was sent by chance. */
public enum Side {
    /** Kept with the baseline. */
    HELD_OUT,
    /** Served as everybody else, and looked at beside the others. */
    COMPARED
}
