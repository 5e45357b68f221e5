package dev.pareto.dashboards.ledger;

/**
 * Counts since the start.
 *
 * @param queued operations waiting now
 * @param written operations made durable
 * @param commits transactions that carried them
 * @param refused operations refused because the queue was full or the store did not answer in time
 * @param lateSettlements settlements of rows that were closed already
 * @param degraded whether the store fails or does not answer, so that nothing is written now
 */
public record LedgerStats(int queued, long written, long commits, long refused, long lateSettlements,
        boolean degraded) {}
