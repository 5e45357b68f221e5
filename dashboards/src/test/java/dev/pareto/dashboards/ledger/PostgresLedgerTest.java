package dev.pareto.dashboards.ledger;

import static dev.pareto.dashboards.ledger.Attempts.CLOSED;
import static dev.pareto.dashboards.ledger.Attempts.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same books in a real PostgreSQL, and what is its own: replicas, partitions, a connection that breaks. */
final class PostgresLedgerTest extends BooksContract {

    private static Postgres server;

    private PostgresStore store;
    private JdbcLedger ledger;

    @BeforeAll
    static void startServer() {
        server = Postgres.startOrSkip();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void start() {
        store = PostgresStore.open(server.newDatabase(), null, null, "gateway");
        ledger = open(store);
    }

    @AfterEach
    void stop() {
        ledger.close();
        store.close();
    }

    @Override
    Ledger ledger() {
        return ledger;
    }

    @Override
    Store store() {
        return store;
    }

    @Override
    List<String> withoutGuards() {
        return List.of("SET session_replication_role = replica");
    }

    @Test
    void severalGatewaysWriteOneLedgerEachWithItsOwnChain() {
        try (JdbcLedger second = open(store)) {
            List<CompletableFuture<Void>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                UUID id = ids.get();
                Ledger one = i % 2 == 0 ? ledger : second;
                futures.add(one.open(Attempts.open(id, CLOSED, NOON))
                        .thenCompose(done -> one.settle(Attempts.settled(id, NOON, 100))));
            }
            futures.forEach(CompletableFuture::join);
        }

        assertThat(totals().attempts()).isEqualTo(200);
        assertThat(totals().spend().plain()).isEqualTo("0.7");
        assertThat(reads().sql("SELECT replica FROM ledger_day ORDER BY replica").query(String.class).list())
                .containsExactly("gateway", "gateway-2");
        assertConsistent();
    }

    @Test
    void aStartingGatewayExpiresItsOwnRowsAlone() {
        UUID others = ids.get();
        ledger.open(Attempts.open(others, CLOSED, NOON)).join();
        try (JdbcLedger second = open(store)) {
            assertThat(second.orphans()).isZero();
        }
        assertThat(row(others).state()).isEqualTo(AttemptState.OPEN);
        ledger.close();
        ledger = open(store);
        assertThat(ledger.orphans()).isEqualTo(1);
        assertConsistent();
    }

    @Test
    void aSettlementSurvivesABrokenConnection() throws SQLException {
        UUID id = ids.get();
        ledger.open(Attempts.open(id, CLOSED, NOON)).join();
        try (Connection admin = store.connect(); Statement statement = admin.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ILIKE '%COMMIT%'");
        }
        assertThat(ledger.settle(Attempts.settled(id, NOON, 100))).succeedsWithin(Duration.ofSeconds(30));

        assertThat(row(id).state()).isEqualTo(AttemptState.SETTLED);
        assertConsistent();
    }

    @Test
    void rowsLieInTheirMonthsPartition() {
        var ids = new UuidV7(java.time.Clock.systemUTC(), new java.util.SplittableRandom(1));
        UUID id = ids.get();
        ledger.open(Attempts.open(id, CLOSED, NOON)).join();
        ledger.settle(Attempts.settled(id, NOON, 100)).join();

        assertThat(reads().sql("SELECT COUNT(*) FROM attempt_default").query(Long.class).single()).isZero();
        assertThat(reads().sql("SELECT COUNT(*) FROM charge_line_default").query(Long.class).single()).isZero();
        assertThat(reads().sql("SELECT tableoid::regclass::text FROM attempt").query(String.class).single())
                .matches("attempt_\\d{4}_\\d{2}");
        assertThat(new LedgerCheck(store).check(null, null).attempts()).isEqualTo(1);
    }

    private JdbcLedger open(PostgresStore store) {
        return new JdbcLedger(store, LedgerSettings.defaults(), now::get, System::nanoTime);
    }
}
