package dev.pareto.dashboards.ledger;

import static dev.pareto.dashboards.ledger.Attempts.CLOSED;
import static dev.pareto.dashboards.ledger.Attempts.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.report.AttemptReport;
import dev.pareto.dashboards.report.AttemptRow;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import java.nio.file.Path;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

final class SqliteLedgerTest extends BooksContract {

    @TempDir
    Path folder;

    private SqliteStore store;
    private JdbcLedger ledger;

    @BeforeEach
    void start() {
        store = SqliteStore.open(folder.resolve("data/pareto.db"));
        ledger = open(LedgerSettings.defaults());
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
        return Stream.of("attempt_stays", "attempt_is_kept", "charge_line_stays")
                .map(trigger -> "DROP TRIGGER IF EXISTS " + trigger)
                .toList();
    }

    @Test
    void theRowsOfAClosedMonthGoStepByStepAndItsSumsAndHashesStay() throws SQLException {
        var now = new AtomicReference<>(Instant.parse("2026-08-10T12:00:00Z"));
        ledger.close();
        try (var late = new JdbcLedger(store, LedgerSettings.defaults(), now::get, System::nanoTime)) {
            var ids = new UuidV7(now::get, new SplittableRandom(1));
            List<UUID> old = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                old.add(booked(late, ids, now.get()));
            }
            now.set(NOON);
            UUID today = booked(late, ids, NOON);
            YearMonth september = YearMonth.of(2026, 9);

            assertThat(late.trim(september).join()).as("August is not closed yet").isZero();
            late.freeze(YearMonth.of(2026, 8), "ada").join();
            assertThat(late.trim(YearMonth.of(2026, 8)).join()).as("August is to stay").isZero();
            assertThat(late.trim(september).join()).as("one step").isEqualTo(50);
            LedgerCheck.Outcome midway = new LedgerCheck(store).check(null, null);
            assertThat(midway.problems()).as("stopped half-way").isEmpty();
            assertThat(midway.droppedRows()).isEqualTo(50);
            while (late.trim(september).join() > 0) {
                assertThat(new LedgerCheck(store).check(null, null).problems()).isEmpty();
            }

            assertThat(column("SELECT attempt_id FROM attempt")).containsExactly(today.toString());
            assertThat(column("SELECT DISTINCT attempt_id FROM charge_line")).containsExactly(today.toString());
            assertThat(column("SELECT DISTINCT attempt_id FROM baseline_line"))
                    .doesNotContain(old.getFirst().toString());
            assertThat(column("SELECT request_id FROM request")).hasSizeLessThanOrEqualTo(1);
            assertThat(column("SELECT SUM(attempts) FROM rollup_hour")).containsExactly("121");
            LedgerCheck.Outcome outcome = new LedgerCheck(store).check(null, null);
            assertThat(outcome.problems()).isEmpty();
            assertThat(outcome.droppedRows()).isEqualTo(120);
            assertThat(outcome.attempts()).isEqualTo(1);
            assertThat(column("SELECT month FROM dropped_month")).containsExactly("2026-08");

            execute("DROP TRIGGER entry_stays");
            execute("UPDATE ledger_entry SET hash = zeroblob(32) WHERE ref = '" + old.getLast() + "'");
            assertThat(new LedgerCheck(store).check(null, null).problems()).as("where a day ends")
                    .isNotEmpty();
        }
        ledger = open(LedgerSettings.defaults());
    }

    @Test
    void aCallUnderWayKeepsItsMonthAndNothingElseMayBeDeleted() throws SQLException {
        var now = new AtomicReference<>(Instant.parse("2026-08-10T12:00:00Z"));
        ledger.close();
        try (var late = new JdbcLedger(store, LedgerSettings.defaults(), now::get, System::nanoTime)) {
            var ids = new UuidV7(now::get, new SplittableRandom(2));
            UUID august = booked(late, ids, now.get());
            assertThatThrownBy(() -> execute("DELETE FROM attempt")).hasMessageContaining("never deleted");
            assertThatThrownBy(() -> execute("DELETE FROM charge_line")).hasMessageContaining("never deleted");
            assertThatThrownBy(
                    () -> execute("INSERT INTO dropped_month (month, from_id, to_id, from_us, to_us, dropped_us)"
                            + " VALUES ('2026-08', '0', 'z', 0, 1, 2)"))
                    .as("who wants a reason to delete")
                    .hasMessageContaining("only the rows of a closed month");
            now.set(NOON);
            late.freeze(YearMonth.of(2026, 8), "ada").join();
            assertThatThrownBy(() -> execute(
                    "INSERT INTO dropped_month (month, from_id, to_id, from_us, to_us, dropped_us)"
                            + " SELECT month, '0', 'z', from_us, to_us, 1 FROM billing_month"))
                    .as("more than its own rows")
                    .hasMessageContaining("only the rows of a closed month");
            // a row that a crash left open in a month that was closed
            execute("DROP TRIGGER attempt_stays");
            execute("UPDATE attempt SET state = 'OPEN'");
            assertThat(late.trim(YearMonth.of(2026, 9)).join()).isZero();
            assertThat(column("SELECT attempt_id FROM attempt")).containsExactly(august.toString());
            execute("UPDATE attempt SET state = 'SETTLED'");
            assertThat(late.trim(YearMonth.of(2026, 9)).join()).isEqualTo(1);
        }
        ledger = open(LedgerSettings.defaults());
    }

    private static UUID booked(Ledger to, UuidV7 ids, Instant at) {
        UUID id = ids.get();
        to.open(Attempts.open(id, CLOSED, at)).join();
        to.settle(Attempts.settled(id, at, 100)).join();
        return id;
    }

    private List<String> column(String sql) {
        return JdbcClient.create(store.reads()).sql(sql).query((row, number) -> row.getString(1)).list();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = store.connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aSecondWriterIsTurnedAway() {
        assertThatThrownBy(() -> open(LedgerSettings.defaults())).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another gateway writes the ledger");
    }

    @Test
    void rowsLeftOpenByAnEarlierProcessExpireAtTheStart() {
        UUID id = Attempts.ids(3).get();
        ledger.open(Attempts.open(id, CLOSED, NOON)).join();
        ledger.close();

        ledger = open(LedgerSettings.defaults());

        assertThat(ledger.orphans()).isEqualTo(1);
        assertThat(new AttemptReport(reads()).ofRequest(id.toString())).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(AttemptState.EXPIRED);
            assertThat(row.errorCode()).isEqualTo("gateway_stopped");
        });
    }

    @Test
    void aClosedLedgerRefuses() {
        ledger.close();
        assertUnavailable(ledger.open(Attempts.open(Attempts.ids(4).get(), CLOSED, NOON)), "closed");
    }

    @Test
    void closingWritesWhatIsQueued() {
        UuidV7 ids = Attempts.ids(5);
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            futures.add(ledger.open(Attempts.open(ids.get(), CLOSED, NOON)));
        }
        ledger.close();
        assertThat(futures).allSatisfy(future -> assertThat(future).succeedsWithin(Duration.ofSeconds(5)));
        assertThat(reads().sql("SELECT COUNT(*) FROM attempt").query(Long.class).single()).isEqualTo(500);
        ledger = open(LedgerSettings.defaults());
    }

    /** While another connection holds the write lock nothing can be committed: the queue fills and patience runs out. */
    @Test
    void aFullQueueRefusesOpeningsAtOnceButKeepsRoomForSettlements() throws SQLException {
        ledger.close();
        ledger = open(new LedgerSettings(8, 1, Duration.ofMillis(400)));
        UuidV7 ids = Attempts.ids(6);
        UUID running = ids.get();
        ledger.open(Attempts.open(running, CLOSED, NOON)).join();
        List<CompletableFuture<Void>> opened = new ArrayList<>();
        CompletableFuture<Void> settled;
        try (Connection other = store.connect(); Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (int i = 0; i < 20; i++) {
                opened.add(ledger.open(Attempts.open(ids.get(), CLOSED, NOON)));
            }
            CompletableFuture<Void> refused = opened.getLast();
            assertThat(refused).isDone();
            assertUnavailable(refused, "takes no more");
            settled = ledger.settle(Attempts.settled(running, NOON, 1));
            assertThat(settled).isNotDone();
            assertUnavailable(opened.getFirst(), "did not answer within");
            assertThat(settled).as("a settlement waits for the store, however long").isNotDone();
            statement.execute("ROLLBACK");
        }
        assertThat(settled).succeedsWithin(Duration.ofSeconds(30));
        ledger.close();

        // The opening that was in the writer's hand when its caller was told otherwise is withdrawn, not billed.
        assertThat(new AttemptReport(reads()).page(null, 50))
                .filteredOn(row -> !row.attemptId().equals(running.toString()))
                .allSatisfy(row -> assertThat(row.state()).isIn(AttemptState.ABORTED, AttemptState.OPEN))
                .hasSizeLessThanOrEqualTo(1);
        ledger = open(LedgerSettings.defaults());
    }

    @Test
    void decisionsListRequestsNewestFirst() {
        UuidV7 ids = Attempts.ids(8);
        for (int i = 0; i < 5; i++) {
            UUID id = ids.get();
            Instant start = NOON.plusSeconds(i);
            ledger.open(Attempts.open(id, CLOSED, start)).join();
            ledger.settle(Attempts.settled(id, start, i)).join();
        }
        var decisions = new AttemptReport(reads()).latestDecisions(3);
        assertThat(decisions).hasSize(3).isSortedAccordingTo((a, b) -> b.at().compareTo(a.at()));
        assertThat(decisions.getFirst()).satisfies(row -> {
            assertThat(row.reason()).isEqualTo("cheapest that is good enough");
            assertThat(row.latencyMillis()).isEqualTo(1_500);
            assertThat(row.saved()).isNotNull();
        });
        List<AttemptRow> all = new AttemptReport(reads()).page(null, 3);
        List<AttemptRow> rest = new AttemptReport(reads()).page(all.getLast().attemptId(), 3);
        assertThat(rest).hasSize(2);
    }

    private JdbcLedger open(LedgerSettings settings) {
        return new JdbcLedger(store, settings, now::get, System::nanoTime);
    }

    private static void assertUnavailable(CompletableFuture<Void> future, String why) {
        assertThatThrownBy(future::join).hasCauseInstanceOf(LedgerUnavailable.class).hasMessageContaining(why);
    }
}
