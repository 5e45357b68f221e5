package dev.pareto.dashboards.ledger;

import java.time.Duration;

/**
 * Bounds of the writer.
 *
 * @param queue operations that may wait; openings are refused at three quarters of it, so that running calls can still be
 *            settled when new ones are turned away
 * @param batch operations that one transaction carries at most
 * @param patience after this long without any answer from the store, an opening that waits as long fails
 */
public record LedgerSettings(int queue, int batch, Duration patience) {

    public LedgerSettings {
        if (queue < 4 || batch < 1) {
            throw new IllegalArgumentException("queue must be at least 4 and batch at least 1");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience must be positive");
        }
    }

    /** 16,384 waiting operations, 512 to a commit, 5 s of patience. */
    public static LedgerSettings defaults() {
        return new LedgerSettings(16_384, 512, Duration.ofSeconds(5));
    }

    int openLimit() {
        return queue - queue / 4;
    }
}
