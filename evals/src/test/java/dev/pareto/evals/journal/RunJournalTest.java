package dev.pareto.evals.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.evals.journal.RunRecord.Kind;
import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.EvalRunner;
import dev.pareto.evals.run.ModelCallException;
import dev.pareto.evals.run.PairMonitor;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.RunListener;
import dev.pareto.evals.run.RunSettings;
import dev.pareto.evals.run.RunStore;
import dev.pareto.evals.stats.Wilson;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real run, written down while it goes on and read again from its file. */
final class RunJournalTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final Contestant OPEN = new Contestant(ModelId.parse("local/small"), "weights-1");
    private static final Contestant CLOSED = new Contestant(ModelId.parse("vendor/big"), null);
    private static final String LONG = "x".repeat(1_000);

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    private Path folder = Path.of("");
    private Path runs = Path.of("");
    private Path suiteFolder = Path.of("");

    @BeforeEach
    void writeSuite() throws IOException {
        runs = folder.resolve("runs");
        suiteFolder = Files.createDirectories(folder.resolve("echo"));
        Files.writeString(suiteFolder.resolve("suite.yaml"), """
                                                             suite: echo
                                                             route: echo
                                                             items: items.jsonl
                                                             sampling: {temperature: 0}
                                                             graders:
                                                               - {id: same, type: exact, primary: true}
                                                             """);
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            items.append(
                    """
                    {"id": "item-%d", "messages": [{"role": "user", "content": "say %d"}], "expected": "say %d", "stratum": "%s"}
                    """.formatted(
                            i, i, i, i % 2 == 0 ? "even" : "odd"));
        }
        Files.writeString(suiteFolder.resolve("items.jsonl"), items.toString());
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void aComparisonReadsBackWhole() throws Exception {
        compare(RunListener.SILENT, true);

        RunRecord run = only();
        assertThat(run.state()).isEqualTo(RunRecord.State.ENDED);
        assertThat(run.stop()).isEqualTo(Run.Stop.COMPLETE);
        assertThat(run.verdict()).isEqualTo("v1");
        assertThat(run.header().margin()).isEqualTo(0.03);
        assertThat(run.header().total()).isEqualTo(40);
        assertThat(run.pairs()).hasSize(40);

        RunFigures figures = RunFigures.of(run);
        // the candidate errs on 7, 17, 27 and 37, the incumbent gives no answer to item 3
        assertThat(figures.kinds()).isEqualTo(Map.of(Kind.BOTH, 35, Kind.ONLY_INCUMBENT, 4, Kind.UNGRADED, 1,
                Kind.ONLY_CANDIDATE, 0, Kind.NEITHER, 0, Kind.WAITING, 0));
        RunFigures.Side candidate = figures.models().getFirst();
        assertThat(candidate.accuracy()).isEqualTo(new RunFigures.Estimate(0.9, Wilson.interval(36, 40, 0.95), 40));
        assertThat(candidate.spent()).isEqualTo("0.04");
        assertThat(candidate.p95Millis()).isEqualTo(7.0);
        assertThat(figures.models().getLast().errors()).isEqualTo(1);
        RunFigures.Estimate difference = requireNonNull(figures.difference());
        assertThat(difference.value()).isCloseTo(-4 / 39.0, within(1e-12));
        assertThat(figures.slices()).extracting(RunFigures.Slice::name).containsExactly("even", "odd");
        RunFigures.Estimate even = requireNonNull(figures.slices().getFirst().candidate());
        RunFigures.Estimate odd = requireNonNull(figures.slices().getLast().candidate());
        assertThat(even.value()).as("all sevens are odd").isEqualTo(1.0);
        assertThat(odd.value()).isEqualTo(0.8);
    }

    @Test
    void whatWasPaidBesideTheRunIsPartOfWhatItSpent() throws Exception {
        Suite suite = new SuiteReader().read(suiteFolder);
        EvalRunner runner = new EvalRunner(RunJournalTest::answer, new RunStore(runs), CLOCK, executor, pause -> {});
        var settings = new RunSettings(4, 1, Duration.ZERO, null, RunSettings.ORDER_SEED);
        List<Contestant> both = List.of(OPEN, CLOSED);
        RunHeader header = RunHeader.of(suite, suiteFolder, both, 0.03, false, NOW);
        try (RunJournal journal = RunJournal.begin(runs, header, both, RunListener.SILENT, CLOCK)) {
            runner.twice(suite, OPEN, 10, settings, journal.beside());
            assertThat(RunFigures.of(only()).spent()).as("while it goes on")
                    .isEqualTo(
                            new RunFigures.Spent("0.02", "USD", "0.02"));
            runner.compare(suite, OPEN, CLOSED, settings, journal, PairMonitor.ALL_ITEMS);
            journal.end(Run.Stop.COMPLETE, "v1");
        }

        RunFigures figures = RunFigures.of(only());
        assertThat(figures.models().getFirst().spent()).as("ten answers were there already").isEqualTo("0.03");
        assertThat(figures.spent()).as("20 before the run, 30 and 39 in it")
                .isEqualTo(new RunFigures.Spent("0.089", "USD", "0.02"));
    }

    @Test
    void whatCameAfterASequentialTestHadItsAnswerIsPaidButCountsForNothing() throws Exception {
        Suite suite = new SuiteReader().read(suiteFolder);
        EvalRunner runner = new EvalRunner(RunJournalTest::answer, new RunStore(runs), CLOCK, executor, pause -> {});
        var settings = new RunSettings(4, 1, Duration.ZERO, null, RunSettings.ORDER_SEED);
        runner.run(EvalRunner.first(suite, 30, settings), OPEN, settings, RunListener.SILENT);
        List<Contestant> both = List.of(OPEN, CLOSED);
        RunHeader header = RunHeader.of(suite, suiteFolder, both, 0.03, true, NOW);
        int[] seen = {0};
        Comparison comparison;
        try (RunJournal journal = RunJournal.begin(runs, header, both, RunListener.SILENT, CLOCK)) {
            comparison = runner.compare(suite, OPEN, CLOSED, settings, journal,
                    (candidate, incumbent) -> ++seen[0] == 12);
            journal.end(comparison, "v1");
        }

        RunRecord run = only();
        assertThat(run.pairs()).extracting(RunRecord.Pair::item)
                .containsExactlyInAnyOrderElementsOf(
                        comparison.candidate().outcomes().stream().map(outcome -> outcome.item().id()).toList());
        assertThat(run.late()).isNotEmpty();
        RunFigures figures = RunFigures.of(run);
        assertThat(figures.models()).extracting(RunFigures.Side::done).containsExactly(12, 12);
        assertThat(new BigDecimal(requireNonNull(figures.spent()).amount()))
                .isEqualByComparingTo(requireNonNull(comparison.spent()).amount());
    }

    @Test
    void whileItGoesOnItIsSeenToGrow() throws Exception {
        int[] seen = {0, 0};
        compare(progress -> {
            RunRecord run = only();
            assertThat(run.state()).isEqualTo(RunRecord.State.RUNNING);
            int marks = RunFigures.of(run).models().stream().mapToInt(RunFigures.Side::done).sum();
            assertThat(marks).isEqualTo(++seen[0]);
            seen[1] += run.stop() == null ? 0 : 1;
        }, true);

        assertThat(seen).containsExactly(80, 0);
    }

    @Test
    void answersOfAnEarlierRunAreThereFromTheStart() throws Exception {
        compare(RunListener.SILENT, true);
        Files.delete(journal());

        int[] first = {-1};
        compare(progress -> first[0] = first[0] < 0 ? RunFigures.of(only()).models().getFirst().reused() : first[0],
                true);

        assertThat(first[0]).as("only the item without an answer was asked again").isEqualTo(40);
        assertThat(RunFigures.of(only()).models().getFirst().spent()).as("nothing was paid now").isNull();
        assertThat(RunFigures.of(only()).models().getFirst().cost()).isEqualTo("0.04");
    }

    @Test
    void aRunWhoseProcessIsGoneIsCutOffAndItsTornLineIsLeftOut() throws Exception {
        compare(RunListener.SILENT, false);
        String text = Files.readString(journal());
        Files.writeString(journal(),
                text.replaceFirst("\"pid\":\\d+", "\"pid\":" + Long.MAX_VALUE).substring(0, text.length() / 2));
        Files.setLastModifiedTime(journal(), FileTime.from(NOW.minus(Duration.ofHours(1))));

        RunRecord run = only();

        assertThat(run.state()).isEqualTo(RunRecord.State.CUT_OFF);
        assertThat(run.pairs()).hasSizeBetween(5, 30);
    }

    @Test
    void anItemIsShownInItsWholeLength() throws Exception {
        compare(RunListener.SILENT, true);
        RunRecord run = only();
        RunRecord.Pair pair = requireNonNull(run.pair("item-7"));
        Mark mark = requireNonNull(pair.candidate());
        assertThat(mark.answer()).as("the journal holds the beginning").hasSizeLessThan(500);

        ItemWords words = ItemWords.of(run, pair, new RunStore(runs));

        assertThat(words.answers()).containsExactly(LONG, "say 7");
        assertThat(words.messages()).containsExactly(Map.of("role", "user", "content", "say 7"));
        assertThat(words.expected()).isEqualTo("\"say 7\"");
        assertThat(words.note()).isNull();

        Files.delete(suiteFolder.resolve("suite.yaml"));
        ItemWords later = ItemWords.of(run, pair, new RunStore(runs));
        assertThat(later.messages()).isNull();
        assertThat(later.note()).contains("no such item");
        assertThat(later.answers().getLast()).as("the journal's beginning is all of a short one").isEqualTo("say 7");
    }

    @Test
    void namesThatCouldLeaveTheFolderAreNoRuns() throws Exception {
        RunBook book = new RunBook(runs, CLOCK);
        assertThat(book.newest(10)).as("before there is a folder").isEmpty();
        compare(RunListener.SILENT, true);

        assertThat(book.newest(10)).hasSize(1);
        assertThat(book.find(book.newest(10).getFirst().header().id())).isPresent();
        for (String id : List.of("", "..", "../../etc/passwd", "20261122-120000-00000/", "20991122-120000-000000")) {
            assertThat(book.find(id)).as(id).isEmpty();
        }
    }

    private void compare(RunListener also, boolean ends) throws Exception {
        Suite suite = new SuiteReader().read(suiteFolder);
        List<Contestant> both = List.of(OPEN, CLOSED);
        RunHeader header = RunHeader.of(suite, suiteFolder, both, 0.03, false, NOW);
        EvalRunner runner = new EvalRunner(RunJournalTest::answer, new RunStore(runs), CLOCK, executor, pause -> {});
        try (RunJournal journal = RunJournal.begin(runs, header, both, also, CLOCK)) {
            runner.compare(suite, OPEN, CLOSED, new RunSettings(4, 1, Duration.ZERO, null, RunSettings.ORDER_SEED),
                    journal, PairMonitor.ALL_ITEMS);
            if (ends) {
                journal.end(Run.Stop.COMPLETE, "v1");
            }
        }
    }

    private static Answer answer(ModelId model, List<Map<String, Object>> messages, Map<String, Object> sampling)
            throws ModelCallException {
        String question = String.valueOf(messages.getLast().get("content"));
        boolean open = model.equals(OPEN.model());
        if (!open && question.equals("say 3")) {
            throw new ModelCallException("401", false, null);
        }
        return new Answer(open && question.endsWith("7") ? LONG : question, Duration.ofMillis(7), Money.usd("0.001"),
                null, null, false, "stop", model.toString(), null, false);
    }

    private RunRecord only() {
        try {
            RunBook book = new RunBook(runs, CLOCK);
            return book.find(book.newest(10).getFirst().header().id()).orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path journal() throws IOException {
        try (var files = Files.list(runs.resolve("echo"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("run-")).findFirst().orElseThrow();
        }
    }
}
