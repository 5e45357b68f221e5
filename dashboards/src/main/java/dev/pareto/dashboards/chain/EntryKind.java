package dev.pareto.dashboards.chain;

/** What an entry of the chain is about. */
public enum EntryKind {
    /** An attempt that was closed, with its charge lines and those of its baseline. */
    ATTEMPT,
    /** A correction or a cost beside the attempts. */
    ADJUSTMENT,
    /** A month that was closed, with its totals. */
    MONTH,
    /** A month whose rows are kept no longer, with what the chain had of them. */
    DROP
}
