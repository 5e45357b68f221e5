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
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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

    private String url;
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
        url = server.newDatabase();
        store = PostgresStore.open(url, null, null, "gateway");
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
        var ids = new UuidV7(java.time.Clock.systemUTC(), new SplittableRandom(1));
        UUID id = ids.get();
        ledger.open(Attempts.open(id, CLOSED, NOON)).join();
        ledger.settle(Attempts.settled(id, NOON, 100)).join();

        assertThat(reads().sql("SELECT COUNT(*) FROM attempt_default").query(Long.class).single()).isZero();
        assertThat(reads().sql("SELECT COUNT(*) FROM charge_line_default").query(Long.class).single()).isZero();
        assertThat(reads().sql("SELECT tableoid::regclass::text FROM attempt").query(String.class).single())
                .matches("attempt_\\d{4}_\\d{2}");
        assertThat(new LedgerCheck(store).check(null, null).attempts()).isEqualTo(1);
    }

    @Test
    void aMonthHasItsPartitionBeforeItBegins() {
        now.set(Instant.parse("2031-03-31T23:59:59Z"));
        try (JdbcLedger second = open(store)) {
            assertThat(second.orphans()).isZero();
        }
        assertThat(partitions("attempt_2031_0%")).containsExactly("attempt_2031_03", "attempt_2031_04");
        store.prepare(Instant.parse("2031-04-01T00:59:59Z"));
        assertThat(partitions("decision_2031_0%")).containsExactly("decision_2031_03", "decision_2031_04",
                "decision_2031_05");
    }

    @Test
    void theRowsOfAClosedMonthGoAndItsSumsAndHashesStay() throws SQLException {
        Instant august = Instant.parse("2026-08-10T12:00:00Z");
        store.prepare(august);
        now.set(august);
        UUID old = new UuidV7(now::get, new SplittableRandom(1)).get();
        ledger.open(Attempts.open(old, CLOSED, august)).join();
        ledger.settle(Attempts.settled(old, august, 100)).join();
        now.set(NOON);
        UUID today = ids.get();
        ledger.open(Attempts.open(today, CLOSED, NOON)).join();
        ledger.settle(Attempts.settled(today, NOON, 100)).join();

        try (PostgresStore keeping = PostgresStore.open(url, null, null, "gateway", 2)) {
            keeping.prepare(NOON);
            assertThat(partitions("attempt_2026_08")).as("August is not closed yet").hasSize(1);
            ledger.freeze(YearMonth.of(2026, 8), "ada").join();
            keeping.prepare(NOON);
            keeping.prepare(NOON);
        }

        assertThat(partitions("%_2026_08")).isEmpty();
        assertThat(reads().sql("SELECT attempt_id FROM attempt").query(String.class).list())
                .containsExactly(today.toString());
        assertThat(reads().sql("SELECT SUM(attempts) FROM rollup_hour").query(Long.class).single()).isEqualTo(2);
        LedgerCheck.Outcome outcome = new LedgerCheck(store).check(null, null);
        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.droppedRows()).isEqualTo(1);
        assertThat(outcome.attempts()).isEqualTo(1);
        try (Connection connection = store.connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute("UPDATE ledger_entry SET hash = sha256('other') WHERE ref = '" + old + "'");
        }
        assertThat(new LedgerCheck(store).check(null, null).problems()).isNotEmpty();
    }

    private List<String> partitions(String like) {
        return reads().sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE ? ORDER BY relname")
                .param(like)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private JdbcLedger open(PostgresStore store) {
        return new JdbcLedger(store, LedgerSettings.defaults(), now::get, System::nanoTime);
    }
}
