package dev.pareto.dashboards.ledger;

import static dev.pareto.dashboards.ledger.Attempts.CLOSED;
import static dev.pareto.dashboards.ledger.Attempts.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.Postgres;
import dev.pareto.policies.experiment.Exposure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same books in a real PostgreSQL, and what is its own: replicas, partitions, a connection that breaks. */
final class PostgresLedgerTest extends BooksContract {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String LOCKS = """
                                        FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                                        WHERE d.datname = current_database() AND l.locktype = 'advisory'
                                          AND l.classid::bigint IN (hashtext('pareto-ledger')::bigint & 4294967295,
                                            hashtext('pareto-openings')::bigint & 4294967295) AND\s""";
    private static final String HOLDERS = "SELECT COUNT(*) " + LOCKS + "granted";
    private static final String END_HOLDERS = "SELECT pg_terminate_backend(l.pid, 5000) " + LOCKS + "granted";
    private static final String TAKE = """
                                       SELECT pg_advisory_lock(hashtext('pareto-ledger'), hashtext('gateway')),
                                         pg_advisory_lock(hashtext('pareto-openings'), hashtext('gateway'))""";
    private static final String WAITING = "SELECT COUNT(*) " + LOCKS + "NOT granted";

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
    void anOpeningDoesNotWaitForSettlements() throws SQLException {
        UUID before = ids.get();
        ledger.open(Attempts.open(before, CLOSED, NOON)).join();
        try (Connection other = store.connect()) {
            other.setAutoCommit(false);
            execute(other, "LOCK TABLE rollup_hour IN EXCLUSIVE MODE");
            CompletableFuture<Void> settled = ledger.settle(Attempts.settled(before, NOON, 100));
            UUID meanwhile = ids.get();

            assertThat(ledger.open(Attempts.open(meanwhile, CLOSED, NOON))).succeedsWithin(SOON);

            assertThat(row(meanwhile).state()).isEqualTo(AttemptState.OPEN);
            assertThat(row(before).state()).isEqualTo(AttemptState.OPEN);
            assertThat(settled).isNotDone();
            other.rollback();
            assertThat(settled).succeedsWithin(SOON);
        }
        assertConsistent();
    }

    @Test
    void anOpeningKeepsItsRequestItsDecisionAndItsExposureAndWritesThemOnce() {
        UUID id = ids.get();
        OpenAttempt opening = new OpenAttempt(id, id, 1, AttemptRole.PRIMARY, NOON, NOON.plusSeconds(600), "acme",
                Map.of("team", "search"), "support", "support", CLOSED, CLOSED.vendor(), false, null,
                "{\"reason\":\"x\"}", new Exposure("tone", 2, "warm", false, 7, 9, true, false), "flex");
        ledger.open(opening).join();
        ledger.open(opening).join();

        assertThat(reads()
                .sql("""
                     SELECT r.tenant || ' ' || r.route || ' ' || r.requested_tier || ' ' || r.tags || ' ' || d.json
                       || ' ' || e.experiment || e.run || e.arm || e.before || e.unit || e.ask || e.delivered || e.down
                       || ' ' || (e.at_us = r.received_us AND d.decided_us = r.received_us)
                     FROM request r JOIN decision d ON d.request_id = r.request_id
                     JOIN exposure e ON e.request_id = r.request_id JOIN attempt a ON a.request_id = r.request_id
                     WHERE a.reserved_pico IS NULL AND a.requested_tier = 'flex'""")
                .query(String.class)
                .list())
                .containsExactly("acme support flex {\"team\":\"search\"} {\"reason\":\"x\"} tone2warm07910 true");
    }

    @Test
    void settlementsGatherAfterACommitUnlessACallWaitsForTheirs() {
        ledger.close();
        var nanos = new AtomicLong();
        ledger = new JdbcLedger(store, LedgerSettings.defaults(), now::get, nanos::get);
        List<UUID> opened = List.of(ids.get(), ids.get(), ids.get());
        opened.forEach(id -> ledger.open(Attempts.open(id, CLOSED, NOON)).join());
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        ledger.settle(Attempts.settled(opened.getFirst(), NOON, 100)).join();
        long before = ledger.stats().commits();

        var second = ledger.settle(Attempts.settled(opened.get(1), NOON, 100));
        var third = ledger.settle(Attempts.settled(opened.get(2), NOON, 100));
        // a later attempt is written in turn, and takes along what waits
        assertThat(ledger.open(Attempts.open(ids.get(), opened.getFirst(), 2, AttemptRole.RETRY, CLOSED, NOON, null)))
                .succeedsWithin(SOON);

        assertThat(second).succeedsWithin(SOON);
        assertThat(third).succeedsWithin(SOON);
        assertThat(ledger.stats().commits()).isEqualTo(before + 1);
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
    void aGatewayWhoseConnectionsDiedKeepsItsNameAndItsRows() throws SQLException {
        UUID underWay = ids.get();
        ledger.open(Attempts.open(underWay, CLOSED, NOON)).join();
        UUID kept = ids.get();
        ledger.open(Attempts.open(kept, CLOSED, NOON)).join();
        endHolders();
        assertThat(ledger.settle(Attempts.settled(kept, NOON, 100))).succeedsWithin(SOON);

        try (JdbcLedger second = open(store)) {
            assertThat(second.replica()).isEqualTo("gateway-2");
            assertThat(second.orphans()).isZero();
        }
        assertThat(row(underWay).state()).isEqualTo(AttemptState.OPEN);
        assertThat(ledger.settle(Attempts.settled(underWay, NOON, 100))).succeedsWithin(SOON);
        assertConsistent();
    }

    @Test
    void aQuietGatewayTakesItsNameAnewBeforeItsNextCall() throws SQLException {
        ledger.open(Attempts.open(ids.get(), CLOSED, NOON)).join();
        endHolders();

        try (Connection admin = store.connect()) {
            await(() -> reads(admin, HOLDERS) == 2);
        }
        ledger.open(Attempts.open(ids.get(), CLOSED, NOON)).join();
        assertConsistent();
    }

    @Test
    void aGatewayThatLostItsNameToAnotherWritesNothingUntilItIsFree() throws Exception {
        UUID underWay = ids.get();
        ledger.open(Attempts.open(underWay, CLOSED, NOON)).join();
        CompletableFuture<Void> settled;
        try (Connection other = store.connect(); Connection admin = store.connect()) {
            var taken = CompletableFuture.runAsync(() -> execute(other, TAKE));
            await(() -> reads(admin, WAITING) == 1);
            execute(admin, END_HOLDERS);
            assertThat(taken).succeedsWithin(SOON);

            settled = ledger.settle(Attempts.settled(underWay, NOON, 100));
            // the first may be told of the connection itself
            assertThat(ledger.open(Attempts.open(ids.get(), CLOSED, NOON))).failsWithin(SOON);
            assertThat(ledger.open(Attempts.open(ids.get(), CLOSED, NOON))).failsWithin(SOON)
                    .withThrowableThat()
                    .withMessageContaining("another gateway writes as gateway");
            assertThat(row(underWay).state()).isEqualTo(AttemptState.OPEN);
            assertThat(settled).isNotDone();
        }

        assertThat(settled).succeedsWithin(SOON);
        assertThat(row(underWay).state()).isEqualTo(AttemptState.SETTLED);
        assertConsistent();
    }

    @Test
    void aSessionThatTheServerStillKeepsDoesNotKeepItsGatewayOut() throws SQLException {
        try (PostgresStore other = PostgresStore.open(url, null, null, "far"); Store.Claim claim = other.claim()) {
            Connection lost = claim.connect();
            try (Connection anew = claim.connect()) {
                assertThat(reads(anew, "SELECT 1")).isEqualTo(1);
                assertThat(lost.isValid(1)).isFalse();
            }
        }
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
        unguarded("UPDATE dropped_month SET dropped_us = dropped_us + 1");
        assertThat(problems()).singleElement().asString().contains("DROP 2026-08", "was changed after it was booked");
        unguarded("UPDATE dropped_month SET dropped_us = dropped_us - 1",
                "UPDATE ledger_entry SET hash = sha256('other') WHERE ref = '" + old + "'");
        assertThat(problems()).anyMatch(it -> it.contains("the rows of 2026-08")
                && it.contains("not those of then: 1 of 1, with other hashes"));
    }

    /** The two connections that hold a gateway's name. */
    private void endHolders() throws SQLException {
        try (Connection admin = store.connect()) {
            execute(admin, END_HOLDERS);
        }
    }

    private static void execute(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long reads(Connection connection, String sql) {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aMonthThatSomebodyDeletedIsNotTakenForADroppedOne() throws SQLException {
        Instant august = Instant.parse("2026-08-10T12:00:00Z");
        store.prepare(august);
        now.set(august);
        UUID old = new UuidV7(now::get, new SplittableRandom(1)).get();
        ledger.open(Attempts.open(old, CLOSED, august)).join();
        ledger.settle(Attempts.settled(old, august, 100)).join();
        now.set(NOON);
        ledger.freeze(YearMonth.of(2026, 8), "ada").join();

        unguarded("DELETE FROM charge_line", "DELETE FROM attempt", "DELETE FROM request", "DELETE FROM decision");
        assertThat(problems()).anyMatch(
                it -> it.startsWith("there are sums of 2026-08 and no rows, and no record that it was dropped"));
        unguarded(
                """
                INSERT INTO dropped_month (month, from_id, to_id, from_us, to_us, dropped_us)
                SELECT month, pareto_id('2026-08-01'), pareto_id('2026-09-01'), from_us, to_us, frozen_us FROM billing_month""");
        assertThat(problems()).singleElement()
                .asString()
                .startsWith("the rows of 2026-08 are marked as dropped, but the chain does not tell that they were");
    }

    private List<String> problems() {
        return new LedgerCheck(store).check(null, null).problems();
    }

    private void unguarded(String... statements) throws SQLException {
        try (Connection connection = store.connect()) {
            execute(connection, "SET session_replication_role = replica");
            for (String statement : statements) {
                execute(connection, statement);
            }
        }
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
