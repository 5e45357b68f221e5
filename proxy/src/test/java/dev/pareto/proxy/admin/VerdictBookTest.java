package dev.pareto.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.StoredSwap;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

final class VerdictBookTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId TINY = new ModelId("cluster", "tiny");

    private static final String YAML = """
                                       vendors:
                                         openai: {dialect: openai, url: 'http://127.0.0.1:9'}
                                         cluster: {dialect: openai, url: 'http://127.0.0.1:9', open: true, models: [tiny, small]}
                                       routes:
                                         r: {candidates: [openai/gpt-4o, cluster/tiny, cluster/small]}
                                       """;

    @TempDir
    private Path folder;

    private SqliteStore store;
    private Connection observer;
    private ParetoConfig config;
    private Instant now = NOON;
    private @Nullable String made = "weights-1";

    @BeforeEach
    void open() throws Exception {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        observer = store.connect();
        config = new ConfigReader().read(Files.writeString(folder.resolve("pareto.yaml"), YAML), Map.of());
    }

    @AfterEach
    void close() throws SQLException {
        observer.close();
        store.close();
    }

    @Test
    void writesWhereASwapStandsWhenItMovesAndOnlyThen() throws SQLException {
        try (VerdictBook book = book()) {
            book.file(verdict("v1", TINY, "weights-1", NOON));
            assertThat(swap().state()).isEqualTo("OPEN");

            long before = changes();
            book.refresh();
            now = NOON.plusSeconds(60);
            book.refresh();
            assertThat(changes()).as("nothing moved").isEqualTo(before);

            now = NOON.plus(Duration.ofDays(31));
            book.refresh();
            assertThat(swap().state()).isEqualTo("STALE");
            Instant stale = swap().since();
            before = changes();
            now = now.plusSeconds(60);
            book.refresh();
            assertThat(changes()).as("it stays stale").isEqualTo(before);
            assertThat(swap().since()).isEqualTo(stale);
        }
        long before = changes();
        try (VerdictBook again = book()) {
            again.refresh();
            assertThat(changes()).as("a restart is no move").isEqualTo(before);
        }
    }

    @Test
    void keepsTheCandidateThatWasJudgedLast() {
        try (VerdictBook book = book()) {
            book.file(verdict("v2", new ModelId("cluster", "small"), "weights-1", NOON.plusSeconds(1)));
            book.file(verdict("v1", TINY, "weights-1", NOON));
        }
        try (VerdictBook again = book()) {
            again.refresh();
            assertThat(swap().candidate()).isEqualTo(new ModelId("cluster", "small"));
        }
    }

    @Test
    void anUnknownMakeOfTheModelMakesNoVerdictStale() {
        try (VerdictBook book = book()) {
            book.file(verdict("v1", TINY, null, NOON));
            assertThat(swap().state()).isEqualTo("OPEN");

            made = null;
            book.file(verdict("v2", TINY, "weights-1", NOON.plusSeconds(1)));
            assertThat(swap().state()).isEqualTo("OPEN");

            made = "weights-2";
            book.refresh();
            assertThat(swap().state()).isEqualTo("STALE");
        }
    }

    private VerdictBook book() {
        return new VerdictBook(new VerdictRepository(store), new SwapRepository(store), () -> config, model -> made,
                () -> now, Executors.newSingleThreadScheduledExecutor());
    }

    private StoredSwap swap() {
        List<StoredSwap> all = new SwapRepository(store).all();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    /** Grows with every commit of another connection. */
    private long changes() throws SQLException {
        try (var statement = observer.createStatement(); var row = statement.executeQuery("PRAGMA data_version")) {
            return row.getLong(1);
        }
    }

    /** A verdict that is good enough, sealed as the store expects it. */
    private static Verdict verdict(String id, ModelId candidate, @Nullable String fingerprint, Instant created) {
        Verdict open = new Verdict(Verdict.SCHEMA, id, created, created.plus(Duration.ofDays(30)), "r",
                new Verdict.SuiteRef("s", null),
                new Verdict.Subject("openai/gpt-4o", null, List.of(), false, 0.9),
                new Verdict.Subject(candidate.toString(), fingerprint, List.of(), false, 0.9),
                new Verdict.DesignBlock(0.03, "test", 0.05, "FIXED", null, 200, null, "swap-1", "none", null, null,
                        "0".repeat(64)),
                new Verdict.Data(1_000, 0, 0, 880, 20, 20, 80, 0.04, null, null),
                new Verdict.Quality(0, new Verdict.Bounds(-0.01, 0.01), "test", 0.9, null, null, null, null, null,
                        Outcome.NON_INFERIOR, null),
                List.of(), List.of(),
                new Verdict.Decision(Verdict.Action.ADVANCE, null, null, List.of(), List.of()), null, false, "good",
                null, null);
        ObjectNode tree = VerdictJson.tree(open);
        tree.remove("sha256");
        return new Verdict(open.schema(), open.id(), open.created(), open.expires(), open.route(), open.suite(),
                open.incumbent(), open.candidate(), open.design(), open.data(), open.quality(), open.guards(),
                open.slices(), open.decision(), open.economics(), open.simulated(), open.sentence(),
                open.previousSha256(), CanonicalJson.sha256(tree));
    }
}
