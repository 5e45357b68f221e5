package dev.pareto.dashboards.ledger;

import java.time.Instant;
import java.time.YearMonth;
import java.util.concurrent.CompletableFuture;

/**
 * The book in which each upstream call is written before it starts and closed after it ends. Thread-safe; the futures' methods
 * never block and never throw, so an event loop may call them. A failed future carries {@link LedgerUnavailable} (nothing
 * is known to be written: an opener must not call upstream) or {@link IllegalStateException} (the call itself is wrong).
 */
public interface Ledger extends AutoCloseable {

    /** Writes an open row; completes when it would survive a crash. Writing the same id again changes nothing. */
    CompletableFuture<Void> open(OpenAttempt attempt);

    /**
     * Closes an open row with its charge lines and sums, in one transaction. A row that is closed already stays as it is and
     * the future completes normally; an id that was never opened fails. While the store fails it waits and is tried again.
     */
    CompletableFuture<Void> settle(Settlement settlement);

    /**
     * Closes each open row whose deadline lies before {@code now} as expired: billed at its reservation and flagged as
     * estimated. Blocks; not for an event loop.
     *
     * @return how many rows were expired
     */
    int expireOpen(Instant now);

    /** Books a correction or a cost beside the attempts; false when its id was booked before. Waits for the store as settlements do. */
    CompletableFuture<Boolean> book(Adjustment adjustment);

    /**
     * Closes a month: it takes no more rows, and what is found out later is an adjustment of an open month. Fails with
     * {@link IllegalStateException} while it is not over, while attempts of it are under way, and where it is closed already.
     *
     * @param by who closes it
     */
    CompletableFuture<FrozenMonth> freeze(YearMonth month, String by);

    /** The name under which this gateway's rows stand. */
    String replica();

    /** What the ledger did so far, for meters. */
    LedgerStats stats();

    /** Writes what is queued, then stops. Blocks. */
    @Override
    void close();
}
