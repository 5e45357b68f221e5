package dev.pareto.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.StoredVerdict;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

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
    void keepsTheNewestOfEachPairAndOverAStart() {
        VerdictBook book = book();
        String first = file(book, Verdicts.of("v1", TINY, null, NOON, Outcome.NON_INFERIOR), null);
        String second = file(book, Verdicts.of("v2", TINY, null, NOON.plusSeconds(1), Outcome.INFERIOR), first);
        file(book, Verdicts.of("v3", SMALL, null, NOON.plusSeconds(2), Outcome.SUPERIOR), second);

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

    @Test
    void refusesAVerdictThatDoesNotFollowTheNewestOnFile() {
        VerdictBook book = book();
        String first = file(book, Verdicts.of("v1", TINY, null, NOON, Outcome.INFERIOR), null);
        file(book, Verdicts.of("v2", TINY, null, NOON.plusSeconds(1), Outcome.INFERIOR), first);
        Verdict forked = Verdicts.of("v3", TINY, null, NOON.plusSeconds(2), Outcome.SUPERIOR);

        assertForked(book, forked, null);
        assertForked(book, forked, first);
        assertForked(book, forked, "0".repeat(64));
        assertThat(book.newest("r")).extracting(Evidence::verdictId).containsExactly("v2");
    }

    @Test
    void aVerdictOnFileMayBeFiledAgain() {
        VerdictBook book = book();
        Verdict verdict = Verdicts.of("v1", TINY, null, NOON, Outcome.SUPERIOR);
        String first = file(book, verdict, null);
        file(book, Verdicts.of("v2", SMALL, null, NOON.plusSeconds(1), Outcome.SUPERIOR), first);
        file(book, verdict, null);
        assertThat(book.latest(10, 0)).hasSize(2);
    }

    @Test
    void whatWasForkedOnFileOpensNoGateAndSaysWhy() {
        VerdictBook book = book();
        String first = file(book, Verdicts.of("v1", SMALL, null, NOON, Outcome.SUPERIOR), null);
        file(book, Verdicts.of("v2", TINY, null, NOON.plusSeconds(1), Outcome.INFERIOR), first);
        Verdict forked = Verdicts.behind(Verdicts.of("v3", TINY, null, NOON.plusSeconds(2), Outcome.SUPERIOR), first);
        Evidence evidence = forked.toEvidence();
        new VerdictRepository(store).save(new StoredVerdict("v3", "r", evidence.candidate(), evidence.incumbent(),
                forked.created(), forked.expires(), false, VerdictJson.write(forked)));

        assertThat(of(book(), "v3").outcome()).isEqualTo(Outcome.INVALID);
        assertThat(of(book(), "v3").fault()).startsWith("it follows verdict v1: what stands between");
        assertThat(of(book(), "v1").outcome()).as("what stands before the fork is whole").isEqualTo(Outcome.SUPERIOR);
    }

    @Test
    void whatWasChangedOnFileOpensNoGateEvenWhenItWasSealedAgain() {
        VerdictBook book = book();
        Verdict bad = Verdicts.of("v1", TINY, null, NOON, Outcome.INFERIOR);
        String first = file(book, bad, null);
        file(book, Verdicts.of("v2", SMALL, null, NOON.plusSeconds(1), Outcome.SUPERIOR), first);
        String good = VerdictJson.write(Verdicts.of("v1", TINY, null, NOON, Outcome.SUPERIOR));

        change("v1", VerdictJson.write(bad).replace("INFERIOR", "SUPERIOR"));
        assertThat(of(book(), "v1").outcome()).isEqualTo(Outcome.INVALID);
        assertThat(of(book(), "v1").fault()).isEqualTo("it was changed after it was sealed");
        assertThat(of(book(), "v2").outcome()).as("its own seal and link hold").isEqualTo(Outcome.SUPERIOR);

        change("v1", good);
        assertThat(of(book(), "v1").outcome()).isEqualTo(Outcome.INVALID);
        assertThat(of(book(), "v1").fault()).isEqualTo("verdict v2 follows another one than this");
        assertThat(of(book(), "v2").outcome()).as("nobody knows which of the two was changed")
                .isEqualTo(Outcome.INVALID);
    }

    private static void assertForked(VerdictBook book, Verdict verdict, @Nullable String previous) {
        assertThatThrownBy(() -> file(book, verdict, previous)).isInstanceOf(VerdictBook.ForkException.class)
                .hasMessageContaining("the newest on file is v2");
    }

    private void change(String id, String json) {
        JdbcClient.create(store.writes())
                .sql("UPDATE verdict SET json = ? WHERE id = ?")
                .param(json)
                .param(id)
                .update();
    }

    private static Evidence of(VerdictBook book, String id) {
        return book.newest("r").stream().filter(one -> one.verdictId().equals(id)).findFirst().orElseThrow();
    }

    /** @return its seal */
    private static @Nullable String file(VerdictBook book, Verdict verdict, @Nullable String previous) {
        Verdict sealed = Verdicts.behind(verdict, previous);
        book.file(sealed);
        return sealed.sha256();
    }

    private VerdictBook book() {
        return new VerdictBook(new VerdictRepository(store), () -> config, SwapClock.of(InstantSource.system()));
    }
}
