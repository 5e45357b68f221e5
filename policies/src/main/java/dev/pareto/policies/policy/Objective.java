package dev.pareto.policies.policy;

/** What a policy wants most among the candidates that meet its constraints. */
public enum Objective {
    /** The least predicted cost of the request. */
    MINIMISE_COST,
    /** The least total latency at the 95th percentile. */
    MINIMISE_LATENCY,
    /** The best accuracy that evidence supports. */
    MAXIMISE_ACCURACY
}
