package dev.pareto.dashboards.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.pareto.dashboards.chain.DropRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A PostgreSQL database, migrated to the newest schema, which several gateways may share: each writes as a replica of its own.
 * Amounts are NUMERIC whole picos, so that the SQL is SQLite's and nothing outgrows its column. Thread-safe.
 */
public final class PostgresStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);
    private static final int READERS = 8;
    private static final int WRITERS = 4;
    private static final int MOST_REPLICAS = 64;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration DROP_PATIENCE = Duration.ofSeconds(3);
    private static final String MONTHS = """
                                         SELECT replace(substr(relname, 9), '_', '-') FROM pg_class
                                         WHERE relkind = 'r' AND relname ~ '^attempt_[0-9]{4}_[0-9]{2}$' AND pg_table_is_visible(oid)
                                         ORDER BY 1""";

    private final DriverManagerDataSource plain;
    private final String place;
    private final String replica;
    private final @Nullable Integer keepMonths;
    private final HikariDataSource reads;
    private final HikariDataSource writes;
    private final KeptAnswers kept = new KeptAnswers();

    private PostgresStore(DriverManagerDataSource plain, String place, String replica, @Nullable Integer keepMonths) {
        this.plain = plain;
        this.place = place;
        this.replica = replica;
        this.keepMonths = keepMonths;
        Flyway.configure(PostgresStore.class.getClassLoader())
                .dataSource(plain)
                .locations("classpath:db/migration/postgresql")
                .validateMigrationNaming(true)
                .load()
                .migrate();
        makePartitions(Instant.now());
        this.reads = pool("pareto-reads", READERS, plain, true);
        this.writes = pool("pareto-writes", WRITERS, plain, false);
    }

    /**
     * Opens the database and brings its schema up to date.
     *
     * @param url as {@code jdbc:postgresql://host:5432/database}
     * @param user null where the URL names it or none is needed
     * @param replica the name under which this gateway writes, the same at each start; a second one of that name gets a number
     * @throws StoreException when the database cannot be reached or migrated
     */
    public static PostgresStore open(String url, @Nullable String user, @Nullable String password, String replica) {
        return open(url, user, password, replica, null);
    }

    /** @param keepMonths whole months before this one whose rows are kept after they were closed; null for all */
    public static PostgresStore open(String url, @Nullable String user, @Nullable String password, String replica,
            @Nullable Integer keepMonths) {
        var properties = new Properties();
        properties.setProperty("ApplicationName", "pareto");
        properties.setProperty("reWriteBatchedInserts", "true");
        // a pool for readers lets nobody write, outside of transactions either
        properties.setProperty("readOnlyMode", "always");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT.toSeconds()));
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        var source = new DriverManagerDataSource(url, properties);
        // what follows a question mark may be meant for the driver alone
        String place = url.replaceFirst("^jdbc:", "").replaceFirst("\\?.*", "");
        try {
            return new PostgresStore(source, place, replica, keepMonths);
        } catch (FlywayException | HikariPool.PoolInitializationException e) {
            throw new StoreException("the store " + place + " cannot be opened: " + firstCause(e), e);
        }
    }

    private static String firstCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /** Makes the partitions of this month and of the next one where they are missing, and drops those of months past their time. */
    @Override
    public void prepare(Instant now) {
        makePartitions(now);
        if (keepMonths != null) {
            dropPartitions(YearMonth.from(now.atOffset(ZoneOffset.UTC)).minusMonths(keepMonths), now);
        }
    }

    @Override
    public @Nullable Integer trimsTo() {
        return null;
    }

    private void makePartitions(Instant now) {
        LocalDate month = LocalDate.ofInstant(now, ZoneOffset.UTC).withDayOfMonth(1);
        try (Connection connection = plain.getConnection();
                PreparedStatement make = connection.prepareStatement("SELECT pareto_month(?::date)")) {
            for (LocalDate one : List.of(month, month.plusMonths(1))) {
                make.setString(1, one.toString());
                make.execute();
            }
        } catch (SQLException e) {
            throw new StoreException("the months of " + place + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** @param first the first month that stays */
    private void dropPartitions(YearMonth first, Instant now) {
        try (Connection connection = plain.getConnection(); Statement statement = connection.createStatement()) {
            List<YearMonth> months = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(MONTHS)) {
                while (row.next()) {
                    YearMonth month = YearMonth.parse(row.getString(1));
                    if (month.isBefore(first)) {
                        months.add(month);
                    }
                }
            }
            // who reads for long delays this, and not the calls that would queue behind it
            statement.execute("SET lock_timeout = '" + DROP_PATIENCE.toMillis() + "ms'");
            for (YearMonth month : months) {
                drop(connection, month, now);
            }
        } catch (SQLException e) {
            throw new StoreException("the months of " + place + " cannot be dropped: " + e.getMessage(), e);
        }
    }

    private static void drop(Connection connection, YearMonth month, Instant now) throws SQLException {
        connection.setAutoCommit(false);
        // before the rows go, for calls wait from then on until the end of this transaction
        DropRecord record = DropRecord.of(connection, month);
        if (record != null && dropped(connection, month, now)) {
            record.book(connection, now);
            LOG.info("The rows of {} are no longer kept; their sums and hashes are", month);
        }
        connection.commit();
    }

    private static boolean dropped(Connection connection, YearMonth month, Instant now) throws SQLException {
        try (PreparedStatement drop = connection.prepareStatement("SELECT pareto_drop_month(?::date, ?)")) {
            drop.setString(1, month.atDay(1).toString());
            drop.setLong(2, Micros.of(now));
            try (ResultSet row = drop.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public DataSource reads() {
        return reads;
    }

    @Override
    public PicoSums sums() {
        return PicoSums.WHOLE;
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
    public void beginSnapshot(Connection connection) throws SQLException {
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
    }

    @Override
    public String place() {
        return place;
    }

    /** The replica's name or, where another gateway holds it, the name with the first number that is free. */
    @Override
    public Claim claim() {
        try {
            for (int number = 1; number <= MOST_REPLICAS; number++) {
                NameClaim claim = NameClaim.of(plain, number == 1 ? replica : replica + "-" + number);
                if (claim != null) {
                    return claim;
                }
            }
        } catch (SQLException e) {
            throw new StoreException("the ledger " + place + " cannot be claimed: " + e.getMessage(), e);
        }
        throw new StoreException(MOST_REPLICAS + " gateways write the ledger " + place + " as " + replica);
    }

    @Override
    public void close() {
        reads.close();
        writes.close();
    }

    private static HikariDataSource pool(String name, int size, DriverManagerDataSource source, boolean readOnly) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        // by its address: of a source that knows no time limit, the pool would not wait at its end for a connection under way
        config.setJdbcUrl(source.getUrl());
        var properties = new Properties();
        properties.putAll(source.getConnectionProperties());
        // told apart in pg_stat_activity
        properties.setProperty("ApplicationName", name);
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setReadOnly(readOnly);
        if (readOnly) {
            // all queries of one report see one state of the books, as they do in SQLite
            config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
            // a quarter's sums are grouped in memory; with the server's 4 MB they go through files. A report compiles nothing and takes
            // one processor, not three: its rows are some ten thousand, and calls are served beside it. A plan for any period may read all
            // calls of a month where one for this period finds a few by an index
            config.setConnectionInitSql("SET work_mem = '64MB'; SET jit = off; SET max_parallel_workers_per_gather = 0;"
                    + " SET plan_cache_mode = force_custom_plan");
        }
        return new HikariDataSource(config);
    }
}
