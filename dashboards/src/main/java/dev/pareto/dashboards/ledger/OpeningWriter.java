package dev.pareto.dashboards.ledger;

import java.sql.SQLException;

/** Writes what opens attempts: their rows and those of their requests, decisions and exposures. Used by one thread at a time. */
interface OpeningWriter extends AutoCloseable {

    /** Gathers an opening. */
    void add(OpenAttempt attempt) throws SQLException;

    /** Writes what is gathered. */
    void flush() throws SQLException;

    /** Forgets what is gathered. */
    void discard() throws SQLException;

    @Override
    void close() throws SQLException;
}
