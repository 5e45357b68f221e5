package dev.pareto.dashboards.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where the gateway keeps what it must remember, migrated to the newest schema. The SQL is the same for each. Thread-safe. */
public sealed interface Store extends AutoCloseable permits SqliteStore, PostgresStore {

    /** A bounded pool for queries; its connections refuse to write. */
    DataSource reads();

    /** How it sums money exactly. */
    PicoSums sums();

    /** What its queries of past days answered. */
    KeptAnswers kept();

    /** For rare, small writes (verdicts, keys); the ledger has its own connection. */
    DataSource writes();

    /** A new connection that the caller closes; for the ledger's writer. */
    Connection connect() throws SQLException;

    /** Begins a transaction that sees everything as it is now, however long it reads; for checks and exports. */
    void beginSnapshot(Connection connection) throws SQLException;

    /** Makes ready what the coming weeks need and lets go of what is kept no longer; asked for at the start and each hour. Blocks. */
    void prepare(Instant now);

    /**
     * Whole months before this one whose rows stay, where the ledger's writer is to let go of those of older closed months; null where
     * everything stays, or where {@link #prepare} does it.
     */
    @Nullable
    Integer trimsTo();

    /** Where it lies, for messages; without secrets. */
    String place();

    /**
     * The right to write the ledger as one replica, until it is closed.
     *
     * @throws StoreException when another process has it
     */
    Claim claim();

    @Override
    void close();

    /** A right that one process has at a time. */
    interface Claim extends AutoCloseable {

        /** The name in the rows and in the chain. */
        String replica();

        /**
         * A connection to write with, for one writer at a time, who closes it and may then ask for another. Where several gateways
         * share a server the right lives and dies with this connection: what is not committed when it breaks never is, and the
         * next one takes the right anew. Blocks.
         *
         * @throws SQLException when there is no connection, or another process has taken the right meanwhile
         */
        Connection connect() throws SQLException;

        /** The same right for a second writer, who writes beside the first; null where a store takes one writer at a time. */
        @Nullable
        Claim beside();

        @Override
        void close();
    }
}
