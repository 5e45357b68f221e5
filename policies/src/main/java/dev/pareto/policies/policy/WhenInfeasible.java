package dev.pareto.policies.policy;

/** What to do when no candidate meets every constraint. */
public enum WhenInfeasible {
    /** Serve the candidate that misses by the least. */
    CLOSEST,
    /** Refuse the request and say why. */
    REJECT
}
