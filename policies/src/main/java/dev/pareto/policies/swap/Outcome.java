package dev.pareto.policies.swap;

/** What an eval says about a candidate that would take the incumbent's place, at a stated margin. */
public enum Outcome {
    /** Better, with confidence. */
    SUPERIOR,
    /** At most the margin worse, with confidence. */
    NON_INFERIOR,
    /** More than the margin worse, with confidence. */
    INFERIOR,
    /** The data decide nothing yet. */
    INCONCLUSIVE,
    /** The data cannot be used, e.g. too many answers are missing. */
    INVALID;

    /** Whether the candidate is good enough. */
    public boolean goodEnough() {
        return this == SUPERIOR || this == NON_INFERIOR;
    }
}
