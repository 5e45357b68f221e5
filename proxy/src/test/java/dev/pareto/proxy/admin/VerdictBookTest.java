package dev.pareto.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.swap.SwapClock;
import dev.pareto.proxy.testing.Verdicts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerdictBookTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId TINY = new ModelId("cluster", "tiny");
    private static final ModelId SMALL = new ModelId("cluster", "small");

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
    private ParetoConfig config;

    @BeforeEach
    void open() throws Exception {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        config = new ConfigReader().read(Files.writeString(folder.resolve("pareto.yaml"), YAML), Map.of());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsTheNewestOfEachPairWhateverTheOrderAndOverAStart() {
        VerdictBook book = book();
        book.file(Verdicts.of("v2", TINY, null, NOON.plusSeconds(1), Outcome.INFERIOR));
        book.file(Verdicts.of("v1", TINY, null, NOON, Outcome.NON_INFERIOR));
        book.file(Verdicts.of("v3", SMALL, null, NOON, Outcome.SUPERIOR));

        assertThat(book.newest("r")).extracting(Evidence::verdictId).containsExactlyInAnyOrder("v2", "v3");
        assertThat(book().newest("r")).extracting(Evidence::verdictId).containsExactlyInAnyOrder("v2", "v3");
        assertThat(book.newest("r")).extracting(Evidence::suite).containsOnly("s");
    }

    @Test
    void refusesAVerdictOfAModelThatIsNotThere() {
        assertThatThrownBy(() -> book()
                .file(Verdicts.of("v1", new ModelId("cluster", "none"), null, NOON, Outcome.SUPERIOR)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cluster/none");
    }

    private VerdictBook book() {
        return new VerdictBook(new VerdictRepository(store), () -> config, SwapClock.of(InstantSource.system()));
    }
}
