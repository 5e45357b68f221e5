package dev.pareto.dashboards.ledger;

import static dev.pareto.dashboards.ledger.Attempts.CLOSED;
import static dev.pareto.dashboards.ledger.Attempts.NOON;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.report.AttemptReport;
import dev.pareto.dashboards.store.SqliteStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A store that refuses to commit, is full, or may not be written: nothing that was settled is lost and nothing counts twice. */
final class StoreFaultsTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private SqliteStore store;
    private JdbcLedger ledger;
    private final UuidV7 ids = Attempts.ids(9);
    /** Commits that are refused from now on, and whether the database kept what it refused to confirm. */
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean keptAllTheSame;
    /** What is said to each new connection of the writer. */
    private volatile String greeting = "PRAGMA query_only = 0";

    @BeforeEach
    void start() {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        ledger = new JdbcLedger(store, this::connect, LedgerSettings.defaults(), () -> NOON, System::nanoTime);
    }

    @AfterEach
    void stop() {
        ledger.close();
        store.close();
    }

    /** A30: LiteLLM 35531, 33872: the queue was drained before the commit, and spend lost when the commit failed. */
    @Test
    void a30RefusedCommitsLoseNothingAndDoubleNothing() {
        List<UUID> open = opened(20);
        refusals.set(3);

        settle(open).forEach(settled -> assertThat(settled).succeedsWithin(SOON));

        assertThat(refusals.get()).isNotPositive();
        assertBooks(20);
    }

    @Test
    void aWriterWhoseStoreFailsSaysSoUntilItWorksAgain() {
        List<UUID> open = opened(1);
        assertThat(ledger.stats().degraded()).isFalse();
        refusals.set(Integer.MAX_VALUE);
        List<CompletableFuture<Void>> waiting = settle(open);
        long end = System.nanoTime() + SOON.toNanos();
        while (!ledger.stats().degraded() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(ledger.stats().degraded()).isTrue();

        refusals.set(0);
        waiting.forEach(settled -> assertThat(settled).succeedsWithin(SOON));
        assertThat(ledger.stats().degraded()).isFalse();
    }

    @Test
    void aCommitThatWasKeptButNotConfirmedIsNotDoneTwice() {
        List<UUID> open = opened(20);
        keptAllTheSame = true;
        refusals.set(2);

        settle(open).forEach(settled -> assertThat(settled).succeedsWithin(SOON));

        assertBooks(20);
    }

    @Test
    void anOpeningThatWasKeptButNotConfirmedIsTakenBackAndCostsNothing() {
        keptAllTheSame = true;
        refusals.set(1);
        UUID id = ids.get();
        CompletableFuture<Void> opened = ledger.open(Attempts.open(id, CLOSED, NOON));
        assertThatThrownBy(opened::join).hasCauseInstanceOf(LedgerUnavailable.class);
        // settlements come after whatever was queued before them
        settle(opened(1)).forEach(settled -> assertThat(settled).succeedsWithin(SOON));
        ledger.close();

        assertThat(new AttemptReport(reads()).ofRequest(id.toString())).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(AttemptState.ABORTED);
            assertThat(row.errorCode()).isEqualTo("ledger_unavailable");
        });
        assertThat(new LedgerCheck(store).check(null, null).problems()).isEmpty();
    }

    @Test
    void aFullDiskRefusesCallsAndKeepsTheirSettlements() throws SQLException {
        List<UUID> open = opened(50);
        greet("PRAGMA max_page_count = 1");
        List<CompletableFuture<Void>> settled = settle(open);
        assertRefused("full");
        assertThat(settled).noneMatch(CompletableFuture::isDone);

        greet("PRAGMA max_page_count = 1000000000");

        settled.forEach(one -> assertThat(one).succeedsWithin(SOON));
        assertBooks(50);
    }

    @Test
    void aFileThatMayNotBeWrittenDoesTheSame() throws SQLException {
        List<UUID> open = opened(10);
        greet("PRAGMA query_only = 1");
        List<CompletableFuture<Void>> settled = settle(open);
        assertRefused("readonly");

        greet("PRAGMA query_only = 0");

        settled.forEach(one -> assertThat(one).succeedsWithin(SOON));
        assertBooks(10);
    }

    @Test
    void randomRefusalsAmongManyCallsLoseNothing() {
        SplittableRandom random = new SplittableRandom(20);
        List<CompletableFuture<Void>> settled = new ArrayList<>();
        int refusedOpenings = 0;
        for (int i = 0; i < 300; i++) {
            if (random.nextInt(20) == 0) {
                keptAllTheSame = random.nextBoolean();
                refusals.set(1 + random.nextInt(3));
            }
            UUID id = ids.get();
            try {
                ledger.open(Attempts.open(id, CLOSED, NOON)).join();
                settled.add(ledger.settle(Attempts.settled(id, NOON, 100)));
            } catch (java.util.concurrent.CompletionException refused) {
                refusedOpenings++;
            }
        }
        settled.forEach(one -> assertThat(one).succeedsWithin(SOON));
        ledger.close();

        assertThat(refusedOpenings).isPositive();
        assertThat(reads().sql("SELECT COUNT(*) FROM attempt WHERE state = 'SETTLED'").query(Integer.class).single())
                .isEqualTo(settled.size());
        assertThat(reads().sql("SELECT COUNT(*) FROM attempt WHERE state NOT IN ('SETTLED', 'ABORTED')")
                .query(Integer.class)
                .single()).isZero();
        assertThat(new LedgerCheck(store).check(null, null).problems()).isEmpty();
    }

    /** The writer connects anew after one failure; from then on an opening fails for this reason. */
    private void assertRefused(String why) {
        CompletableFuture<Void> first = ledger.open(Attempts.open(ids.get(), CLOSED, NOON));
        assertThatThrownBy(first::join).hasCauseInstanceOf(LedgerUnavailable.class);
        CompletableFuture<Void> second = ledger.open(Attempts.open(ids.get(), CLOSED, NOON));
        assertThatThrownBy(second::join).hasCauseInstanceOf(LedgerUnavailable.class).hasMessageContaining(why);
    }

    private List<UUID> opened(int count) {
        List<UUID> opened = new ArrayList<>();
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UUID id = ids.get();
            opened.add(id);
            futures.add(ledger.open(Attempts.open(id, CLOSED, NOON)));
        }
        futures.forEach(CompletableFuture::join);
        return opened;
    }

    private List<CompletableFuture<Void>> settle(List<UUID> opened) {
        return opened.stream().map(id -> ledger.settle(Attempts.settled(id, NOON, 100))).toList();
    }

    private void assertBooks(int settled) {
        LedgerCheck.Outcome outcome = new LedgerCheck(store).check(null, null);
        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.attempts()).isEqualTo(settled);
        assertThat(outcome.open()).isZero();
        assertThat(outcome.sum().get("USD")).hasToString(
                "Amount[value=" + new java.math.BigDecimal("0.003500000000").multiply(
                        java.math.BigDecimal.valueOf(settled)) + "]");
    }

    private JdbcClient reads() {
        return JdbcClient.create(store.reads());
    }

    /** The writer connects anew after a failure, so one failing commit makes it hear what new connections are told. */
    private void greet(String sql) throws SQLException {
        greeting = sql;
        keptAllTheSame = false;
        refusals.set(1);
    }

    private Connection connect() throws SQLException {
        Connection real = store.connect();
        try (Statement statement = real.createStatement()) {
            statement.execute(greeting);
        }
        return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Connection.class},
                (proxy, method, arguments) -> {
                    try {
                        if (method.getName().equals("commit") && refusals.getAndDecrement() > 0) {
                            if (keptAllTheSame) {
                                method.invoke(real, arguments);
                            }
                            throw new SQLException("the database refuses");
                        }
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw requireNonNull(e.getCause());
                    }
                });
    }
}
