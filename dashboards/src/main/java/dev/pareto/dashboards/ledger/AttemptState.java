package dev.pareto.dashboards.ledger;

/** Where an attempt stands. An attempt leaves {@link #OPEN} once and never changes again. */
public enum AttemptState {
    /** Written, not yet ended. */
    OPEN,
    /** The upstream answered in full. */
    SETTLED,
    /** The caller left, or the gateway cut the call. */
    ABORTED,
    /** The upstream failed. */
    FAILED,
    /** Nobody closed it in time; it is billed at its reservation and flagged as estimated. */
    EXPIRED;

    /** Whether a {@link Settlement} may carry this state. */
    public boolean closesByCaller() {
        return this == SETTLED || this == ABORTED || this == FAILED;
    }
}
