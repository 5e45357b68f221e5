package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.StoredMove;
import dev.pareto.dashboards.store.StoredSwap;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.IllegalMoveException;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.Observation;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Verdicts;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The book on a real store and a clock of our own; a killed gateway is a book that is never closed. */
final class SwapBookTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId TINY = new ModelId("cluster", "tiny");
    private static final SwapKey KEY = new SwapKey("r", TINY);
    private static final SwapKey BILLING = new SwapKey("r", TINY, "billing");
    private static final String VENDORS = """
                                          vendors:
                                            openai: {dialect: openai, url: 'http://127.0.0.1:9'}
                                            cluster: {dialect: openai, url: 'http://127.0.0.1:9', open: true, models: [tiny, small]}
                                          routes:
                                            r: {candidates: [openai/gpt-4o, cluster/tiny, cluster/small]}
                                          """;
    private static final String PLANNED = VENDORS
            + """
              swaps:
                r: {to: cluster/tiny, margin: 3 pp, shadow: 10 %, ramp: [5 %, 25 %], dwell: 1 h, requests: 20,
                    holdback: 5 %, approval: automatic, guards: {latency: 2 s}}
              """;

    @TempDir
    private Path folder;

    private SqliteStore store;
    private Connection observer;
    private ParetoConfig config;
    private @Nullable Evidence evidence;
    private Instant now = NOON;
    private @Nullable String made = "weights-1";

    @BeforeEach
    void open() throws Exception {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        observer = store.connect();
        config(PLANNED);
    }

    @AfterEach
    void close() throws SQLException {
        observer.close();
        store.close();
    }

    @Test
    void goesToShadowByItselfAfterAGoodVerdictAndThroughTheWholeLifeKilledInEachState() {
        SwapBook book = killed(book(), SwapState.CLOSED);
        verdict("v1", Outcome.NON_INFERIOR);
        book.look();
        assertThat(state(book)).isEqualTo(SwapState.SHADOW);
        book = killed(book, SwapState.SHADOW);
        for (double share : new double[]{0.05, 0.25}) {
            step(book);
            book = killed(book, SwapState.RAMP);
            assertThat(find(book).share()).isEqualTo(share);
        }
        book.steer(KEY, new SwapEvent.Frozen("ann", "audit", now.plus(Duration.ofHours(3))));
        book = killed(book, SwapState.RAMP);
        step(book);
        assertThat(find(book).share()).as("frozen over the restart").isEqualTo(0.25);
        book.steer(KEY, new SwapEvent.Released("ann", ""));
        book.look();
        book = killed(book, SwapState.OPEN);
        book.steer(KEY, new SwapEvent.Overridden("ann", "an incident", now.plus(Duration.ofHours(1)), 0.5));
        book = killed(book, SwapState.OPEN);
        assertThat(find(book).shareAt(now)).isEqualTo(0.5);
        for (int i = 0; i < 30; i++) {
            book.tell(KEY, failure());
        }
        assertThat(state(book)).as("in memory at once").isEqualTo(SwapState.ROLLED_BACK);
        SwapBook last = book;
        Await.until("the roll-back is on file without waiting for the next tick",
                () -> last.history("r", 1).getFirst().to().equals("ROLLED_BACK"));
        book = killed(book, SwapState.ROLLED_BACK);
        now = now.plus(Duration.ofDays(1));
        book.look();
        book = killed(book, SwapState.OFFLINE);
        verdict("v2", Outcome.SUPERIOR);
        book.look();
        assertThat(state(book)).isEqualTo(SwapState.SHADOW);
        evidence = null;
        book.look();
        book = killed(book, SwapState.STALE);

        assertThat(book.history("r", 100)).extracting(StoredMove::to)
                .containsExactly("STALE", "SHADOW", "OFFLINE", "ROLLED_BACK", "OPEN", "OPEN", "RAMP", "RAMP", "RAMP",
                        "RAMP", "SHADOW", "OFFLINE");
        assertThat(book.history("r", 100)).filteredOn(move -> move.guard() != null)
                .singleElement()
                .extracting(StoredMove::guard, StoredMove::by)
                .containsExactly("errors", "policy");
    }

    @Test
    void countsGoOnAfterAKill() {
        verdict("v1", Outcome.NON_INFERIOR);
        SwapBook book = book();
        for (int i = 0; i < 12; i++) {
            book.tell(KEY, success());
        }
        book.look();
        book = killed(book, SwapState.SHADOW);
        assertThat(find(book).monitor().candidate().requests()).isEqualTo(12);
        for (int i = 0; i < 8; i++) {
            book.tell(KEY, success());
        }
        now = now.plus(Duration.ofHours(1));
        book.look();
        assertThat(state(book)).isEqualTo(SwapState.RAMP);
    }

    @Test
    void aStateThatAnOlderVersionWroteIsReadWithWhatItHas() {
        verdict("v1", Outcome.NON_INFERIOR);
        SwapBook book = book();
        book.tell(KEY, success());
        book.look();
        var repository = new SwapRepository(store);
        StoredSwap now = repository.all().getFirst();
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(now.json());
        ObjectNode monitor = (ObjectNode) json.get("monitor");
        for (String later : List.of("since", "references", "inputs", "mark")) {
            assertThat(monitor.remove(later)).as(later).isNotNull();
        }
        repository.save(List.of(new StoredSwap(now.key(), now.incumbent(), now.state(), now.share(), now.since(),
                now.verdictId(), now.reason(), json.toString())), List.of());
        Swap read = find(book());
        assertThat(read.state()).isEqualTo(SwapState.SHADOW);
        assertThat(read.monitor().candidate().requests()).isEqualTo(1);
        assertThat(read.monitor().mark()).isZero();
        assertThat(read.monitor().inputs().n()).isZero();
    }

    @Test
    void writesOnlyWhatHasChanged() throws SQLException {
        verdict("v1", Outcome.NON_INFERIOR);
        try (SwapBook book = book()) {
            long before = changes();
            book.look();
            now = now.plusSeconds(60);
            book.look();
            assertThat(changes()).as("nothing moved").isEqualTo(before);
            book.tell(KEY, success());
            book.look();
            assertThat(changes()).isNotEqualTo(before);
        }
        long before = changes();
        try (SwapBook again = book()) {
            again.look();
            assertThat(changes()).as("a restart is no move").isEqualTo(before);
        }
    }

    @Test
    void aRouteThatStatesNoPlanOpensAtOnceAndIsGuardedAllTheSame() throws Exception {
        config(VENDORS);
        verdict("v1", Outcome.NON_INFERIOR);
        try (SwapBook book = book()) {
            assertThat(state(book)).isEqualTo(SwapState.OPEN);
            assertThat(find(book).share()).isEqualTo(1);
            for (int i = 0; i < 30; i++) {
                book.tell(KEY, failure());
            }
            assertThat(state(book)).isEqualTo(SwapState.ROLLED_BACK);
            assertThat(book.find(new SwapKey("r", new ModelId("cluster", "small")))).as("nothing is known of it")
                    .isNull();
        }
    }

    @Test
    void whatTheEntryDoesNotNameStaysClosedAndSaysHowToOpenIt() throws Exception {
        config(PLANNED.replace("to: cluster/tiny", "to: cluster/small"));
        verdict("v1", Outcome.NON_INFERIOR);
        try (SwapBook book = book()) {
            assertThat(state(book)).isEqualTo(SwapState.CLOSED);
            assertThat(find(book).reason())
                    .isEqualTo("swaps.r names another model as 'to': name this one, or override");
            assertThatThrownBy(() -> book.steer(KEY, new SwapEvent.Approved("ann", "", true)))
                    .isInstanceOf(IllegalMoveException.class);
            book.steer(KEY, new SwapEvent.Overridden("ann", "a trial", now.plus(Duration.ofHours(1)), 0.5));
            assertThat(find(book).shareAt(now)).isEqualTo(0.5);
        }
    }

    @Test
    void aSwapWhosePlanIsDeletedOrNamesAnotherModelNeverGoesUp() throws Exception {
        String other = PLANNED.replace("to: cluster/tiny", "to: cluster/small");
        for (String without : List.of(VENDORS, other)) {
            config(PLANNED);
            verdict("v" + now.getEpochSecond(), Outcome.NON_INFERIOR);
            SwapBook book = book();
            assertThat(state(book)).isEqualTo(SwapState.SHADOW);
            step(book);
            assertThat(state(book)).isEqualTo(SwapState.RAMP);
            config(without);
            for (int i = 0; i < 3; i++) {
                step(book);
                assertThat(state(book)).isEqualTo(SwapState.STALE);
                assertThat(find(book).reason()).contains("swaps.r");
            }
            verdict("w" + now.getEpochSecond(), Outcome.SUPERIOR);
            book = killed(book, SwapState.STALE);
            book.look();
            assertThat(state(book)).as("nor with fresh evidence").isEqualTo(SwapState.STALE);
            config(PLANNED);
            book.look();
            assertThat(state(book)).as("it begins anew").isEqualTo(SwapState.SHADOW);
        }
    }

    @Test
    void aDeletedPlanOpensNobodyWhoAwaitsApproval() throws Exception {
        config(PLANNED.replace("automatic", "manual"));
        verdict("v1", Outcome.NON_INFERIOR);
        try (SwapBook book = book()) {
            assertThat(state(book)).isEqualTo(SwapState.OFFLINE);
            config(VENDORS);
            book.look();
            book.look();
            assertThat(state(book)).isEqualTo(SwapState.STALE);
        }
    }

    @Test
    void anotherBuildOfTheModelMakesItStale() {
        verdict("v1", Outcome.NON_INFERIOR);
        try (SwapBook book = book()) {
            assertThat(state(book)).isEqualTo(SwapState.SHADOW);
            made = "weights-2";
            book.look();
            assertThat(state(book)).isEqualTo(SwapState.STALE);
        }
    }

    @Test
    void eachPartOfADividedRouteLivesItsOwnLife() throws Exception {
        config(PLANNED.replace("guards:", "segments: {by: intent, closed: [refund], own: [billing]}, guards:"));
        verdict("v1", Outcome.NON_INFERIOR);
        try (SwapBook book = book()) {
            step(book);
            assertThat(state(book)).isEqualTo(SwapState.RAMP);
            assertThat(find(book, BILLING).state()).isEqualTo(SwapState.SHADOW);
            book.steer(KEY, new SwapEvent.RolledBack("ann", "a complaint"));
            assertThat(find(book, BILLING).state()).isEqualTo(SwapState.SHADOW);
        }
    }

    @Test
    void aPersonCannotDoWhatTheLifeCycleDoesNotHave() {
        try (SwapBook book = book()) {
            assertThatThrownBy(() -> book.steer(KEY, new SwapEvent.Approved("ann", "")))
                    .isInstanceOf(IllegalMoveException.class);
            assertThatThrownBy(() -> book.steer(new SwapKey("r", new ModelId("openai", "gpt-4o")),
                    new SwapEvent.Approved("ann", ""))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is no swap of r to openai/gpt-4o");
        }
    }

    @Test
    void whatAPersonAllowsIsInForceOnlyWhenItIsOnFile() throws Exception {
        try (SwapBook book = book()) {
            verdict("v1", Outcome.NON_INFERIOR);
            book.look();
            Swap before = find(book);
            var override = new SwapEvent.Overridden("ann", "an incident", now.plus(Duration.ofHours(1)), 0.5);

            refuseMoves(true);
            assertThatThrownBy(() -> book.steer(KEY, override)).hasMessageContaining("no room");
            assertThat(find(book)).isEqualTo(before);
            refuseMoves(false);
            book.look();
            assertThat(find(book)).as("nor later").isEqualTo(before);
            assertThat(book.history("r", 1).getFirst().to()).isEqualTo("SHADOW");

            assertThat(book.steer(KEY, override).shareAt(now)).isEqualTo(0.5);
            killed(book, find(book).state());
        }
    }

    @Test
    void whatAPersonTakesBackIsInForceAtOnceAndOnFileWhenTheStoreCan() throws Exception {
        try (SwapBook book = book()) {
            verdict("v1", Outcome.NON_INFERIOR);
            book.look();
            book.steer(KEY, new SwapEvent.Overridden("ann", "a trial", now.plus(Duration.ofHours(1)), 0.5));

            refuseMoves(true);
            assertThatThrownBy(() -> book.steer(KEY, new SwapEvent.RolledBack("ann", "a complaint")))
                    .hasMessageContaining("no room");
            assertThat(find(book).shareAt(now)).isZero();
            refuseMoves(false);
            book.look();
            assertThat(book.history("r", 1).getFirst().to()).isEqualTo("ROLLED_BACK");
            killed(book, SwapState.ROLLED_BACK);
        }
    }

    private void refuseMoves(boolean refused) throws SQLException {
        try (var statement = observer.createStatement()) {
            statement.execute(refused
                    ? "CREATE TRIGGER full BEFORE INSERT ON swap_move BEGIN SELECT RAISE(ABORT, 'no room'); END"
                    : "DROP TRIGGER full");
        }
    }

    /** What the store knows is all that a new process has; the state must be the one that was in memory. */
    private SwapBook killed(SwapBook book, SwapState expected) {
        Swap before = find(book);
        assertThat(before.state()).isEqualTo(expected);
        SwapBook next = book();
        assertThat(find(next)).isEqualTo(before.withMonitor(before.monitor().withoutUnits()));
        return next;
    }

    /** An hour of good answers, and a look. */
    private void step(SwapBook book) {
        for (int i = 0; i < 20; i++) {
            book.tell(KEY, success());
        }
        now = now.plus(Duration.ofHours(1));
        book.look();
    }

    private static SwapEvent success() {
        return new SwapEvent.Seen(new Observation(Arm.CANDIDATE, false, false, false, false, Duration.ofSeconds(1)));
    }

    private static SwapEvent failure() {
        return new SwapEvent.Seen(new Observation(Arm.CANDIDATE, true, true, null, null, Duration.ofSeconds(1)));
    }

    private void verdict(String id, Outcome outcome) {
        evidence = Verdicts.of(id, TINY, "weights-1", now, outcome).toEvidence();
        now = now.plusSeconds(1);
    }

    private void config(String yaml) throws Exception {
        config = new ConfigReader().read(Files.writeString(folder.resolve("pareto.yaml"), yaml), Map.of());
    }

    /** Its own clock never ticks: the test looks when it wants to. */
    private SwapBook book() {
        return new SwapBook(new SwapRepository(store), () -> config,
                route -> evidence == null ? List.of() : List.of(evidence), model -> made, SwapClock.of(() -> now),
                new Unhurried());
    }

    /** Runs what is handed to it, but nothing by the clock. */
    private static final class Unhurried extends ScheduledThreadPoolExecutor {

        Unhurried() {
            super(1, Thread.ofPlatform().daemon().factory());
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay,
                TimeUnit unit) {
            return schedule(() -> {}, 0, unit);
        }
    }

    private SwapState state(SwapBook book) {
        return find(book).state();
    }

    private static Swap find(SwapBook book) {
        return find(book, KEY);
    }

    private static Swap find(SwapBook book, SwapKey key) {
        return Objects.requireNonNull(book.find(key));
    }

    /** Grows with every commit of another connection. */
    private long changes() throws SQLException {
        try (var statement = observer.createStatement(); var row = statement.executeQuery("PRAGMA data_version")) {
            return row.getLong(1);
        }
    }
}
