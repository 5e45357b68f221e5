package dev.pareto.dashboards.ledger;

import static dev.pareto.dashboards.ledger.Attempts.CLOSED;
import static dev.pareto.dashboards.ledger.Attempts.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
