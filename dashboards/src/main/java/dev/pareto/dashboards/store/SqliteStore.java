package dev.pareto.dashboards.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite file in write-ahead mode, migrated to the newest schema. Readers never wait for the writer; every commit is
 * forced to disk. A second process may open the same file. Thread-safe.
 */
public final class SqliteStore implements Store {

    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);
    private static final int READERS = 4;

    private final Path file;
    private final @Nullable Integer keepMonths;
    private final SQLiteDataSource plain;
    private final HikariDataSource reads;
    private final HikariDataSource writes;
    private final KeptAnswers kept = new KeptAnswers();

    private SqliteStore(Path file, @Nullable Integer keepMonths) {
        this.file = file;
        this.keepMonths = keepMonths;
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

    /**
     * Opens the file, creating it and its folders where they are missing, and brings its schema up to date.
     *
     * @throws StoreException when the folder or the file cannot be written, or is something else
     */
    public static SqliteStore open(Path file) {
        return open(file, null);
    }

    /** @param keepMonths whole months before this one whose rows are kept after they were closed; null for all */
    public static SqliteStore open(Path file, @Nullable Integer keepMonths) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        try {
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
        } catch (FileAlreadyExistsException e) {
            throw new StoreException("the data folder " + folder + " cannot be created: " + e.getFile()
                    + " is no folder", e);
        } catch (IOException e) {
            throw new StoreException("the data folder " + folder + " cannot be created: " + e, e);
        }
        if (folder != null && !Files.isWritable(folder)) {
            throw new StoreException("the data folder " + folder + " is not writable for this user");
        }
        try {
            return new SqliteStore(file, keepMonths);
        } catch (FlywayException | HikariPool.PoolInitializationException e) {
            throw new StoreException("the store " + file + " cannot be opened: " + firstCause(e), e);
        }
    }

    /** What the database said, without the wrappings. */
    private static String firstCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /** Where the store lies. */
    public Path file() {
        return file;
    }

    @Override
    public void beginSnapshot(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = 1");
            // of its own: the driver's begins with the write lock
            statement.execute("BEGIN DEFERRED");
        }
    }

    @Override
    public void prepare(Instant now) {
        // a file needs no more room made, and its ledger lets go of old rows itself
    }

    @Override
    public @Nullable Integer trimsTo() {
        return keepMonths;
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public Claim claim() {
        return FileClaim.on(file, plain);
    }

    @Override
    public DataSource reads() {
        return reads;
    }

    /** One connection alone, as SQLite has one writer. */
    @Override
    public PicoSums sums() {
        return PicoSums.HALVES;
    }

    @Override
    public KeptAnswers kept() {
        return kept;
    }

    @Override
    public DataSource writes() {
        return writes;
    }

    @Override
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
