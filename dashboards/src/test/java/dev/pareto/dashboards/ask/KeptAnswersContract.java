package dev.pareto.dashboards.ask;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.Attempts;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import dev.pareto.dashboards.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** When answers about past days are kept, and when they are asked for anew, whatever the ledger is kept in. */
abstract class KeptAnswersContract {

    private static final Instant TODAY = Attempts.NOON;
    private static final Instant YESTERDAY = TODAY.minus(Duration.ofDays(1));
    private static final Instant LAST_WEEK = TODAY.minus(Duration.ofDays(7));

    private final UuidV7 ids = Attempts.ids(5);
    private @Nullable Store store;
    private @Nullable JdbcLedger ledger;
    private @Nullable Reads reads;

    abstract Store open();

    @BeforeEach
    void openBooks() {
        store = open();
        ledger = new JdbcLedger(store(), LedgerSettings.defaults(), () -> TODAY, System::nanoTime);
        reads = Reads.of(store());
    }

    @AfterEach
    void closeBooks() {
        requireNonNull(ledger).close();
        store().close();
    }

    @Test
    void pastDaysAreSummedOnceUntilOneOfThemChanges() {
        settle(LAST_WEEK, YESTERDAY, TODAY);
        assertThat(calls(LAST_WEEK, TODAY)).isEqualTo(3);

        addBehindTheLedger(YESTERDAY, 100);
        assertThat(calls(LAST_WEEK, TODAY)).as("kept").isEqualTo(3);
        settle(TODAY);
        assertThat(calls(LAST_WEEK, TODAY)).as("the newest day is read, the others are kept").isEqualTo(4);
        assertThat(calls(YESTERDAY, TODAY)).as("another question").isEqualTo(103);

        settle(YESTERDAY);
        assertThat(calls(LAST_WEEK, TODAY)).as("a call of yesterday was booked").isEqualTo(105);
    }

    @Test
    void whatIsAddedToTheNewestDayIsSeenAtOnce() {
        settle(LAST_WEEK, YESTERDAY);
        assertThat(calls(LAST_WEEK, TODAY)).isEqualTo(2);
        addBehindTheLedger(YESTERDAY, 100);
        assertThat(calls(LAST_WEEK, TODAY)).as("nothing of today yet").isEqualTo(102);
    }

    @Test
    void aLateCallOfAnyPastDayIsSeenAtOnce() {
        settle(LAST_WEEK, TODAY);
        UUID late = ids.get();
        Instant began = YESTERDAY.plus(Duration.ofHours(11));
        ledger().open(Attempts.open(late, Attempts.CLOSED, began)).join();
        assertThat(calls(LAST_WEEK, TODAY)).isEqualTo(2);

        close(late, TODAY);
        assertThat(calls(LAST_WEEK, TODAY)).isEqualTo(3);
        assertThat(calls(LAST_WEEK, LAST_WEEK)).isEqualTo(1);
    }

    @Test
    void aChangeOfOneDayLeavesAnswersAboutOthersKept() {
        settle(LAST_WEEK, YESTERDAY, TODAY);
        assertThat(calls(LAST_WEEK, LAST_WEEK)).isEqualTo(1);
        addBehindTheLedger(LAST_WEEK, 100);
        settle(YESTERDAY);
        assertThat(calls(LAST_WEEK, LAST_WEEK)).isEqualTo(1);
    }

    @Test
    void whoeverBeganToReadEarlierIsToldWhatWasThen() {
        settle(LAST_WEEK, YESTERDAY, TODAY);
        assertThat(calls(LAST_WEEK, TODAY)).isEqualTo(3);
        List<Long> seen = requireNonNull(snapshot().execute(status -> {
            long before = calls(LAST_WEEK, TODAY);
            Thread other = Thread.ofVirtual().start(() -> {
                settle(YESTERDAY);
                assertThat(calls(LAST_WEEK, TODAY)).isEqualTo(4);
            });
            join(other);
            return List.of(before, calls(LAST_WEEK, TODAY));
        }));
        assertThat(seen).containsExactly(3L, 3L);
        assertThat(calls(LAST_WEEK, TODAY)).isEqualTo(4);
    }

    @Test
    void questionsThatDifferInAValueAloneAreNotMixedUp() {
        settle(LAST_WEEK, TODAY);
        assertThat(calls(LAST_WEEK, TODAY, "acme")).isEqualTo(2);
        assertThat(calls(LAST_WEEK, TODAY, "nobody")).isZero();
        assertThat(calls(LAST_WEEK, TODAY, "acme")).isEqualTo(2);
    }

    @Test
    void booksWithoutACallAnswerNothing() {
        assertThat(calls(LAST_WEEK, TODAY)).isZero();
    }

    private long calls(Instant first, Instant last) {
        return sum(Slice.models(days(first, last), true)
                .query(requireNonNull(reads), from -> "SELECT COALESCE(SUM(attempts), 0) AS calls FROM " + from));
    }

    private long calls(Instant first, Instant last, String tenant) {
        return sum(Slice.models(days(first, last), false)
                .query(requireNonNull(reads),
                        from -> "SELECT SUM(attempts) AS calls FROM " + from + " AND tenant = :tenant GROUP BY model")
                .param("tenant", tenant));
    }

    private static long sum(SliceQuery query) {
        return query.list((Row row) -> row.getLong("calls")).stream().mapToLong(Long::longValue).sum();
    }

    /** From the first midnight to the last. */
    private static Span days(Instant first, Instant last) {
        return new Span(Micros.toInstant(Micros.dayOf(Micros.of(first))),
                Micros.toInstant(Micros.dayOf(Micros.of(last)) + Micros.DAY));
    }

    /** As nothing else does it: without telling anybody. */
    private void addBehindTheLedger(Instant day, int calls) {
        int changed = JdbcClient.create(store().writes())
                .sql("UPDATE rollup_model_day SET attempts = attempts + ? WHERE hour_us = ?")
                .params(calls, Micros.dayOf(Micros.of(day)))
                .update();
        assertThat(changed).isEqualTo(1);
    }

    private void settle(Instant... starts) {
        for (Instant at : starts) {
            UUID id = ids.get();
            ledger().open(Attempts.open(id, Attempts.CLOSED, at)).join();
            close(id, at.plusSeconds(1));
        }
    }

    private void close(UUID id, Instant at) {
        ledger().settle(Attempts.settled(id, AttemptState.SETTLED, at, Attempts.cost(1_000, 1), null)).join();
    }

    private TransactionTemplate snapshot() {
        var template = new TransactionTemplate(new JdbcTransactionManager(store().reads()));
        template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return template;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Store store() {
        return requireNonNull(store);
    }

    private JdbcLedger ledger() {
        return requireNonNull(ledger);
    }
}
