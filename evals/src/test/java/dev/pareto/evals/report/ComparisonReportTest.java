package dev.pareto.evals.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.EvalRunner;
import dev.pareto.evals.run.ModelClient;
import dev.pareto.evals.run.RunListener;
import dev.pareto.evals.run.RunSettings;
import dev.pareto.evals.run.RunStore;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.evals.run.PairMonitor;
import dev.pareto.evals.verdict.Design;
import dev.pareto.evals.verdict.Preregistration;
import dev.pareto.evals.verdict.SequentialMonitor;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictComputer;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

/** The whole way: suite on disk, design written down, both models asked, verdict, report. */
final class ComparisonReportTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    private static final Contestant OPEN = new Contestant(ModelId.parse("local/open"), "weights-1");
    private static final Contestant CLOSED = new Contestant(ModelId.parse("vendor/closed"), null);

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void tellsPeopleAndScriptsTheSame() throws Exception {
        ComparisonReport report = compare(smallSuite(600), 40, Design.Test.FIXED);
        assertThat(report.verdict().quality().verdict()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(report.text()).contains("INCONCLUSIVE", "local/open", "accuracy", "only the incumbent 15",
                "Strata", "item-", "Design");
        assertThat(report.markdown()).startsWith("# INCONCLUSIVE: local/open for vendor/closed")
                .contains("| accuracy | 97.5 % | 100.0 % |", "## Lost items");
        JsonNode json = report.json();
        assertThat(json.at("/verdict/quality/verdict").asString()).isEqualTo("INCONCLUSIVE");
        assertThat(json.at("/candidate/accuracy").asDouble()).isEqualTo(0.975);
        assertThat(json.at("/candidate/latency_p95_ms").asDouble()).isEqualTo(5.0);
        assertThat(json.at("/incumbent/cost").asString()).isEqualTo("0.6");
        assertThat(json.at("/lost")).hasSize(3);
        assertThat(new RunReport(report.comparison().candidate(), 3).text()).contains("97.5 %", "Failures");
    }

    @Test
    void sequentialComparisonSavesItemsAndAgreesWithItsRecords() throws Exception {
        ComparisonReport report = compare(smallSuite(1200), 400, Design.Test.SEQUENTIAL);
        Verdict verdict = report.verdict();
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(verdict.quality().stoppedAt()).isLessThan(1200)
                .isEqualTo(report.comparison().candidate().outcomes().size());
        assertThat(verdict.design().preregisteredBeforeData()).isTrue();
        Verdict again = new VerdictComputer().fromRecords(Path.of(Objects.requireNonNull(verdict.data().records())),
                Design.ofRecords(0.03, 0.05, Design.Test.SEQUENTIAL), CLOCK.instant());
        assertThat(again.data().recordsSha256()).isEqualTo(verdict.data().recordsSha256());
    }

    @Test
    void suitesOfThisRepositoryCanBeReadAndTellGoodFromBad() throws Exception {
        Path suites = suites();
        assumeThat(suites).as("suites of this repository").isDirectory();
        try (Stream<Path> found = Files.list(suites)) {
            for (Path path : found.filter(p -> Files.exists(p.resolve("suite.yaml"))).sorted().toList()) {
                Suite suite = new SuiteReader().read(path);
                assertThat(suite.items()).hasSizeGreaterThanOrEqualTo(1000);
                assertThat(compare(suite, 500, Design.Test.FIXED).verdict().quality().verdict())
                        .isEqualTo(Outcome.NON_INFERIOR);
                assertThat(compare(suite, 5, Design.Test.FIXED).verdict().quality().verdict())
                        .isEqualTo(Outcome.INFERIOR);
            }
        }
    }

    /** The candidate errs on every {@code wrongEvery}-th item. */
    private ComparisonReport compare(Suite suite, int wrongEvery, Design.Test test) throws Exception {
        Path runs = folder.resolve(suite.id() + wrongEvery);
        Map<Object, Item> byQuestion = new HashMap<>();
        Map<String, Integer> position = new HashMap<>();
        for (Item item : suite.items()) {
            byQuestion.put(item.messages(), item);
            position.put(item.id(), position.size());
        }
        ModelClient client = (model, messages, sampling) -> {
            Item item = Objects.requireNonNull(byQuestion.get(messages));
            JsonNode key = Objects.requireNonNull(item.expected());
            boolean wrong = model.equals(OPEN.model())
                    && Objects.requireNonNull(position.get(item.id())) % wrongEvery == 0;
            return new Answer(wrong ? "?" : key.isValueNode() ? key.asString() : key.toString(), Duration.ofMillis(5),
                    Money.usd("0.001"), 1L, 1L, false, "stop", "served", null, false);
        };
        Design design = new Preregistration(runs, CLOCK).register(Design.of(suite.decision(), 0.03, test), suite.id());
        Comparison comparison = new EvalRunner(client, new RunStore(runs), CLOCK, executor, pause -> {}).compare(suite,
                OPEN, CLOSED, RunSettings.DEFAULT, RunListener.SILENT,
                test == Design.Test.SEQUENTIAL
                        ? new SequentialMonitor(design, suite.items().size())
                        : PairMonitor.ALL_ITEMS);
        Verdict verdict = new VerdictComputer().compute(comparison, design, runs.resolve("records.jsonl"),
                CLOCK.instant(), null);
        return new ComparisonReport(comparison, verdict, 3);
    }

    private Suite smallSuite(int size) throws Exception {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < size; i++) {
            items.append("""
                         {"id":"item-%d","messages":[{"role":"user","content":"q %d"}],"expected":"%d","stratum":"s%d"}
                         """.formatted(i, i, i, i % 3));
        }
        Files.writeString(folder.resolve("items.jsonl"), items);
        Files.writeString(folder.resolve("suite.yaml"),
                "suite: small\nroute: small\ngraders: [{id: a, type: exact}]\n");
        return new SuiteReader().read(folder);
    }

    private static Path suites() throws IOException {
        List<Path> above = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent).toList();
        return above.stream()
                .filter(folder -> Files.isDirectory(folder.resolve(".mvn")))
                .findFirst()
                .orElseThrow(() -> new IOException("no repository"))
                .resolve("evals/suites");
    }
}
