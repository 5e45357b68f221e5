package dev.pareto.dashboards.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite file in write-ahead mode, migrated to the newest schema. Readers never wait for the writer; every commit is
 * forced to disk. A second process may open the same file. Thread-safe.
 */
public final class SqliteStore implements AutoCloseable {

    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);
    private static final int READERS = 4;

    private final Path file;
    private final SQLiteDataSource plain;
    private final HikariDataSource reads;
    private final HikariDataSource writes;

    private SqliteStore(Path file) {
        this.file = file;
        this.plain = source(file, TransactionMode.IMMEDIATE);
        Flyway.configure(SqliteStore.class.getClassLoader())
                .dataSource(plain)
                .locations("classpath:db/migration/sqlite")
                .validateMigrationNaming(true)
                .load()
                .migrate();
        this.reads = pool("pareto-reads", READERS, source(file, TransactionMode.DEFERRED), "PRAGMA query_only = 1");
        this.writes = pool("pareto-writes", 1, plain, "PRAGMA query_only = 0");
    }

    /** Opens the file, creating it and its folders where they are missing, and brings its schema up to date. */
    public static SqliteStore open(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the folder of the ledger file " + file, e);
        }
        return new SqliteStore(file);
    }

    /** Where the store lies. */
    public Path file() {
        return file;
    }

    /** A bounded pool for queries; its connections refuse to write. */
    public DataSource reads() {
        return reads;
    }

    /** One connection for rare, small writes (verdicts, keys); the ledger has its own. */
    public DataSource writes() {
        return writes;
    }

    /** A new connection that the caller closes; for the ledger's writer. */
    public Connection connect() throws SQLException {
        return plain.getConnection();
    }

    @Override
    public void close() {
        reads.close();
        writes.close();
    }

    private static SQLiteDataSource source(Path file, TransactionMode transactions) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        // Writers take the write lock at the start (half-way it would fail at once when another process has it); readers never.
        config.setTransactionMode(transactions);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static HikariDataSource pool(String name, int size, DataSource source, String initialSql) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionInitSql(initialSql);
        return new HikariDataSource(config);
    }
}
