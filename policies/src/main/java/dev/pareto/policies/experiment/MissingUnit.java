package dev.pareto.policies.experiment;

/** What becomes of a request that does not say to which unit it belongs. */
public enum MissingUnit {
    /** It takes no part and is served as ever. */
    LEAVE_OUT,
    /** It follows the tenant of its key. */
    KEY,
    /** It is a unit of its own. */
    REQUEST
}
