package dev.pareto.proxy.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.pareto.dashboards.store.LabelRepository;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.evals.journal.RunBook;
import dev.pareto.evals.journal.RunHeader;
import dev.pareto.evals.journal.RunJournal;
import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.EvalRunner;
import dev.pareto.evals.run.PairMonitor;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.RunListener;
import dev.pareto.evals.run.RunSettings;
import dev.pareto.evals.run.RunStore;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.policies.predict.live.LabelledItem;
import dev.pareto.policies.price.Money;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a run's journal to labels on file. */
final class EvalLabelsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Contestant OPEN = new Contestant(ModelId.parse("local/small"), "weights-1");
    private static final Contestant CLOSED = new Contestant(ModelId.parse("vendor/big"), null);
    private static final int CASES = 20;

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private Path suiteFolder = Path.of("");
    private SqliteStore store;
    private LabelRepository labels;
    private Instant now = NOW;

    /** Runs what it is given at once. */
    private static final class AtOnce extends AbstractExecutorService {

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    @BeforeEach
    void open() throws IOException {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        labels = new LabelRepository(store);
        suiteFolder = Files.createDirectories(folder.resolve("echo"));
    }

    @AfterEach
    void close() {
        executor.shutdownNow();
        store.close();
    }

    private void suite(String head) throws IOException {
        Files.writeString(suiteFolder.resolve("suite.yaml"), """
                                                             suite: echo
                                                             %s
                                                             items: items.jsonl
                                                             sampling: {temperature: 0}
                                                             graders:
                                                               - {id: same, type: exact, primary: true}
                                                             """.formatted(head));
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < CASES; i++) {
            items.append("""
                         {"id": "item-%d", "messages": [{"role": "user", "content": "say %d"}], "expected": "say %d"}
                         """.formatted(i, i, i));
        }
        Files.writeString(suiteFolder.resolve("items.jsonl"), items.toString());
    }

    private static Answer answer(ModelId model, List<Map<String, Object>> messages, boolean simulated) {
        String question = String.valueOf(messages.getLast().get("content"));
        boolean wrong = model.equals(OPEN.model()) && question.endsWith("7");
        return new Answer(wrong ? "no" : question, Duration.ofMillis(7), Money.usd("0.001"), null, null,
                simulated, "stop", model.toString(), null, false);
    }

    private void run(boolean simulated, boolean ends) throws Exception {
        Suite suite = new SuiteReader().read(suiteFolder);
        List<Contestant> both = List.of(OPEN, CLOSED);
        Path runs = folder.resolve("runs");
        InstantSource clock = InstantSource.fixed(now);
        RunHeader header = RunHeader.of(suite, suiteFolder, both, 0.03, false, now);
        EvalRunner runner = new EvalRunner((model, messages, sampling) -> answer(model, messages, simulated),
                new RunStore(runs), clock, executor, pause -> {});
        try (RunJournal journal = RunJournal.begin(runs, header, both, RunListener.SILENT, clock)) {
            runner.compare(suite, OPEN, CLOSED, new RunSettings(4, 1, Duration.ZERO, null, RunSettings.ORDER_SEED),
                    journal, PairMonitor.ALL_ITEMS);
            if (ends) {
                journal.end(Run.Stop.COMPLETE, "v1");
            }
        }
    }

    private LabelDesk desk(Duration kept) {
        return new LabelDesk(labels, () -> kept, () -> now, new AtOnce(), new SimpleMeterRegistry());
    }

    private EvalLabels evals(Predicate<ModelId> simulated) {
        return new EvalLabels(new RunBook(folder.resolve("runs"), () -> now), desk(Duration.ofDays(180)), simulated);
    }

    private List<Label> taken() {
        return labels.labelled("r", 1_000).stream().map(LabelledItem::labels).flatMap(List::stream).toList();
    }

    @Test
    void eachGradedAnswerOfARunIsALabelOfItsModelOnce() throws Exception {
        suite("route: r");
        run(false, true);
        EvalLabels evals = evals(model -> false);
        evals.take();
        evals.take();

        assertThat(taken()).hasSize(2 * CASES).allSatisfy(label -> {
            assertThat(label.source()).isEqualTo(LabelSource.EVAL);
            assertThat(label.item()).startsWith("case echo/item-");
            assertThat(label.success()).as(label.item())
                    .isEqualTo(label.model().equals(OPEN.model()) && label.item().endsWith("7") ? 0 : 1);
        });
    }

    @Test
    void suitesWithoutARouteAndChangedSuitesTeachNothing() throws Exception {
        suite("");
        run(false, true);
        EvalLabels evals = evals(model -> false);
        evals.take();
        assertThat(taken()).isEmpty();

        suite("route: r");
        now = now.plusSeconds(60);
        run(false, true);
        Files.writeString(suiteFolder.resolve("items.jsonl"),
                """
                {"id": "new", "messages": [{"role": "user", "content": "say more"}], "expected": "say more"}
                """,
                StandardOpenOption.APPEND);
        evals.take();
        assertThat(taken()).isEmpty();
    }

    @Test
    void answersOfASimulatedVendorTeachNothingOfARealOne() throws Exception {
        suite("route: r");
        run(true, true);
        evals(model -> model.equals(CLOSED.model())).take();
        assertThat(taken()).hasSize(CASES).allMatch(label -> label.model().equals(CLOSED.model()));
    }

    @Test
    void labelsAreForgottenAfterTheTimeThatIsConfigured() throws Exception {
        suite("route: r");
        run(false, true);
        evals(model -> false).take();
        now = NOW.plus(Duration.ofDays(29));
        desk(Duration.ofDays(30)).sweep();
        assertThat(taken()).hasSize(2 * CASES);
        now = NOW.plus(Duration.ofDays(31));
        desk(Duration.ofDays(30)).sweep();
        assertThat(taken()).isEmpty();
    }
}
