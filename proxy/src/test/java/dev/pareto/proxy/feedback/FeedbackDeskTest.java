package dev.pareto.proxy.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.pareto.dashboards.store.FeedbackRepository;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.StoredFeedback;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.OutcomeSink;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.swap.SwapClock;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Verdicts;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The desk on a real store and a clock of our own; a killed gateway is a book that is never closed. */
final class FeedbackDeskTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId TINY = new ModelId("cluster", "tiny");
    private static final SwapKey KEY = new SwapKey("r", TINY);

    @TempDir
    private Path folder;

    private SqliteStore store;
    private ParetoConfig config;
    private Instant now = NOON;

    @BeforeEach
    void open() throws Exception {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        config = new ConfigReader().read(Files.writeString(folder.resolve("pareto.yaml"),
                """
                vendors:
                  openai: {dialect: openai, url: 'http://127.0.0.1:9'}
                  cluster: {dialect: openai, url: 'http://127.0.0.1:9', open: true, models: [tiny]}
                routes:
                  r: {candidates: [openai/gpt-4o, cluster/tiny]}
                """), Map.of());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void feedbackIsTakenUpToItsAgeAndNotAfter() {
        FeedbackDesk desk = new FeedbackDesk(new FeedbackRepository(store), book(), this::rules, () -> now,
                OutcomeSink.NONE);
        served("1", "cluster/tiny", true);
        now = NOON.plus(Duration.ofDays(7));
        assertThat(take(desk, "1", 1.0)).isInstanceOf(FeedbackDesk.Taken.Recorded.class);
        served("2", "cluster/tiny", true);
        now = now.plus(Duration.ofDays(7)).plusSeconds(1);
        assertThat(take(desk, "2", 1.0)).isInstanceOfSatisfying(FeedbackDesk.Taken.Refused.class,
                refused -> assertThat(refused.error().code()).isEqualTo("feedback_too_late"));
    }

    @Test
    void aFigureThatIsLongInBeingWrittenKeepsNobodyElseWaiting() throws Exception {
        var slow = new CompletableFuture<@Nullable Void>();
        FeedbackDesk desk = new FeedbackDesk(new FeedbackRepository(store), book(), this::rules, () -> now,
                (request, metric, value) -> request.equals("1") ? slow : CompletableFuture.completedFuture(null));
        served("1", "cluster/tiny", true);
        served("2", "cluster/tiny", true);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<FeedbackDesk.Taken> first = callers.submit(() -> take(desk, "1", 1.0));
            Await.until("it is on file", () -> !desk.newest("r", 10).isEmpty());
            Future<FeedbackDesk.Taken> second = callers.submit(() -> take(desk, "2", 1.0));
            assertThat(second.get(20, TimeUnit.SECONDS)).isInstanceOf(FeedbackDesk.Taken.Recorded.class);
            assertThat(first.isDone()).as("its own figure is not written yet").isFalse();
            slow.complete(null);
            assertThat(first.get(20, TimeUnit.SECONDS)).isInstanceOf(FeedbackDesk.Taken.Recorded.class);
        }
    }

    @Test
    void delayedFeedbackSpeaksOfTheArmThatServedItThenAndOnlyOfThisLife() {
        served("early", "cluster/tiny", true);
        now = NOON.plusSeconds(60);
        SwapBook book = book();
        FeedbackDesk desk = new FeedbackDesk(new FeedbackRepository(store), book, this::rules, () -> now,
                OutcomeSink.NONE);
        assertThat(find(book).state()).isEqualTo(SwapState.OPEN);
        served("mine", "cluster/tiny", true);
        served("theirs", "openai/gpt-4o", false);
        now = now.plus(Duration.ofDays(3));
        take(desk, "early", 0.0);
        take(desk, "mine", 0.0);
        take(desk, "theirs", 0.5);
        assertThat(seen(book)).as("one answer is of before this life, one of the incumbent").isEqualTo(1);
        assertThat(Objects.requireNonNull(find(book).monitor().references().get(Guard.FEEDBACK)).lacking())
                .isEqualTo(0.5);
    }

    @Test
    void whatWasOnFileWhenTheGatewayWasKilledIsTakenUpAtTheNextStartAndNotTwice() {
        SwapBook book = book();
        FeedbackDesk desk = new FeedbackDesk(new FeedbackRepository(store), book, this::rules, () -> now,
                OutcomeSink.NONE);
        now = NOON.plusSeconds(60);
        served("1", "cluster/tiny", true);
        served("2", "cluster/tiny", true);
        take(desk, "1", 0.0);
        book.look(); // the swap's own state is on file
        take(desk, "2", 0.0); // killed before the swap's counts were
        SwapBook after = book();
        assertThat(seen(after)).isEqualTo(1);
        var again = new FeedbackDesk(new FeedbackRepository(store), after, this::rules, () -> now, OutcomeSink.NONE);
        assertThat(seen(after)).isEqualTo(2);
        assertThat(take(again, "2", 0.0)).isInstanceOfSatisfying(FeedbackDesk.Taken.Recorded.class,
                known -> assertThat(known.fresh()).isFalse());
        assertThat(seen(after)).as("said again after an answer that never came").isEqualTo(2);
        after.look();
        SwapBook third = book();
        var _ = new FeedbackDesk(new FeedbackRepository(store), third, this::rules, () -> now, OutcomeSink.NONE);
        assertThat(seen(third)).isEqualTo(2);
    }

    @Test
    void oneConversationSaysOneThingADayHoweverOftenItSaysIt() {
        SwapBook book = book();
        FeedbackDesk desk = desk(book);
        now = NOON.plusSeconds(60);
        for (int i = 0; i < 500; i++) {
            served("f" + i, "cluster/tiny", true, "t", "one");
            take(desk, "f" + i, 0.0);
        }
        assertThat(seen(book)).isEqualTo(1);
        assertThat(find(book).state()).isEqualTo(SwapState.OPEN);
        book.look();
        book = book();
        FeedbackDesk again = desk(book);
        served("later", "cluster/tiny", true, "t", "one");
        take(again, "later", 0.0);
        assertThat(seen(book)).as("a restart forgets nobody").isEqualTo(1);
        now = now.plus(Duration.ofHours(25));
        served("tomorrow", "cluster/tiny", true, "t", "one");
        take(again, "tomorrow", 0.0);
        assertThat(seen(book)).isEqualTo(2);
    }

    @Test
    void noTenantOutvotesTheOthersAndWhoNamesNobodyIsHeardFiveTimes() {
        SwapBook book = book();
        FeedbackDesk desk = desk(book);
        now = NOON.plusSeconds(60);
        served("theirs", "cluster/tiny", true, "other", "x");
        for (int i = 0; i < 500; i++) {
            served("f" + i, "cluster/tiny", true, "t", "made-up-" + i);
            take(desk, "f" + i, 0.0);
        }
        assertThat(seen(book)).isEqualTo(Witnesses.FREE);
        assertThat(find(book).state()).isEqualTo(SwapState.OPEN);

        var nameless = new Witnesses();
        assertThat(IntStream.range(0, 500).filter(i -> nameless.hear(KEY, "CANDIDATE", NOON, "t", null, true)).count())
                .isEqualTo(Witnesses.FREE);
    }

    @Test
    void aFallThatManyConversationsTellOfTakesTheTrafficBackInTime() {
        SwapBook book = book();
        FeedbackDesk desk = desk(book);
        now = NOON.plusSeconds(60);
        var random = new SplittableRandom(1);
        int told = 0;
        for (; told < 3_000 && find(book).state() == SwapState.OPEN; told++) {
            String id = "h" + told;
            // 5 % were bad when the evidence was made; from here on it is a third
            served(id, "cluster/tiny", true, told % 2 == 0 ? "t" : "other", "unit-" + told);
            Feedback one = new Feedback(id, random.nextInt(3) == 0 ? 0.0 : 1.0, Map.of(), null);
            desk.take(told % 2 == 0 ? "t" : "other", List.of(one));
        }
        assertThat(find(book).state()).isEqualTo(SwapState.ROLLED_BACK);
        assertThat(told).isLessThan(300);
    }

    private FeedbackDesk desk(SwapBook book) {
        return new FeedbackDesk(new FeedbackRepository(store), book, this::rules, () -> now, OutcomeSink.NONE);
    }

    @Test
    void aContradictionKeepsNothingOfItsBody() {
        FeedbackDesk desk = new FeedbackDesk(new FeedbackRepository(store), book(), this::rules, () -> now,
                OutcomeSink.NONE);
        served("1", "cluster/tiny", true);
        take(desk, "1", 1.0);
        FeedbackDesk.Taken taken = desk
                .take("t", List.of(new Feedback("1", 0.0, Map.of("retries", 1.0), null)))
                .getFirst();
        assertThat(taken).isInstanceOf(FeedbackDesk.Taken.Refused.class);
        assertThat(desk.newest(null, 10)).extracting(StoredFeedback::name).containsExactly("score");
    }

    private GatewaySettings.Feedback rules() {
        return GatewaySettings.Feedback.DEFAULT;
    }

    private FeedbackDesk.Taken take(FeedbackDesk desk, String id, double score) {
        return desk.take("t", List.of(new Feedback(id, score, Map.of(), null))).getFirst();
    }

    private SwapBook book() {
        return new SwapBook(new SwapRepository(store), () -> config,
                route -> List.of(Verdicts.of("v1", TINY, null, NOON, Outcome.NON_INFERIOR).toEvidence()), model -> null,
                SwapClock.of(() -> now), new Unhurried());
    }

    /** Runs what is handed to it, but nothing by the clock. */
    private static final class Unhurried extends ScheduledThreadPoolExecutor {

        Unhurried() {
            super(1, Thread.ofPlatform().daemon().factory());
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
            return schedule(() -> {}, 0, unit);
        }
    }

    private static Swap find(SwapBook book) {
        return Objects.requireNonNull(book.find(KEY));
    }

    private static long seen(SwapBook book) {
        var detector = find(book).monitor().detectors().get(Guard.FEEDBACK);
        return detector == null ? 0 : detector.seen();
    }

    /** A request of tenant t as the ledger has it, asked now. */
    private void served(String id, String model, boolean assigned) {
        served(id, model, assigned, "t", null);
    }

    /** @param unit as the planner names it; null for a request that names none */
    private void served(String id, String model, boolean assigned, String tenant, @Nullable String unit) {
        JdbcClient writes = JdbcClient.create(store.writes());
        writes.sql(
                """
                INSERT INTO attempt (attempt_id, request_id, attempt_no, role, state, started_us, deadline_us, ended_us,
                  tenant, tags, route, requested_model, model, vendor, simulated, price_status, usage_source)
                VALUES (?, ?, 1, 'PRIMARY', 'SETTLED', ?, 0, 1, ?, '{}', 'r', 'r', ?, 'v', 0, 'PRICED', 'VENDOR')""")
                .param("a-" + id)
                .param(id)
                .param(Micros.of(now))
                .param(tenant)
                .param(model)
                .update();
        writes.sql("INSERT INTO decision (request_id, decided_us, json) VALUES (?, ?, ?)")
                .param(id)
                .param(Micros.of(now))
                .param("""
                       {"baseline": "openai/gpt-4o", "outcome": {"kind": "chosen", "model": "%s"}, "candidates": [{"model": "openai/gpt-4o", "swap": null},
                        {"model": "cluster/tiny", "swap": {"segment": "", "state": "OPEN", "assigned": %s}}]%s}"""
                        .formatted(model, assigned, unit == null ? "" : ", \"unit\": \"" + unit + "\""))
                .update();
    }
}
