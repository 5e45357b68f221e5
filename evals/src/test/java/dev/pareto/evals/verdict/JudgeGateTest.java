package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.CalibrationFile;
import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.evals.report.ComparisonReport;
import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.EvalRunner;
import dev.pareto.evals.run.ModelClient;
import dev.pareto.evals.run.PairMonitor;
import dev.pareto.evals.run.RunListener;
import dev.pareto.evals.run.RunSettings;
import dev.pareto.evals.run.RunStore;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A judge under the bar cannot open a gate, however good the candidate looks in its eyes. */
final class JudgeGateTest {

    private static final ModelId OPEN = ModelId.parse("local/small");
    private static final ModelId CLOSED = ModelId.parse("vendor/claude");
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final int ITEMS = 220;

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger judged = new AtomicInteger();

    private @Nullable Comparison compared;

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void aJudgeThatNobodyCalibratedDecidesNothing() throws Exception {
        Verdict verdict = verdict("judge: openai/gpt-4o");
        assertThat(verdict.decision().action()).isEqualTo(Verdict.Action.INVALID);
        assertThat(verdict.decision().reasons())
                .contains("judge openai/gpt-4o has no calibration against human labels");
        assertThat(judged).hasValue(2 * ITEMS);
    }

    @Test
    void aJudgeUnderTheBarDecidesNothing() throws Exception {
        calibrate("openai/gpt-4o", 40);
        Verdict verdict = verdict("judge: {model: openai/gpt-4o, calibration: cal.jsonl}");
        assertThat(verdict.decision().action()).isEqualTo(Verdict.Action.INVALID);
        assertThat(verdict.decision().reasons())
                .anyMatch(reason -> reason.startsWith("judge openai/gpt-4o: kappa is 0.333"));
    }

    @Test
    void aJudgeOverTheBarMayDecide() throws Exception {
        calibrate("openai/gpt-4o", 6);
        Verdict verdict = verdict("judge: {model: openai/gpt-4o, calibration: cal.jsonl}");
        assertThat(verdict.decision().action()).isEqualTo(Verdict.Action.ADVANCE);
        assertThat(verdict.quality().diff()).isZero();
        assertThat(new ComparisonReport(Objects.requireNonNull(compared), verdict, 0).text()).contains("Judges\n")
                .contains("replies without a score")
                .contains("(Spearman)");
    }

    @Test
    void aJudgeDoesNotDecideAboutItsFamily() throws Exception {
        calibrate("anthropic/claude-3-5-sonnet", 6);
        assertThatThrownBy(() -> verdict("judge: {model: anthropic/claude-3-5-sonnet, calibration: cal.jsonl}"))
                .hasMessageContaining("judge anthropic/claude-3-5-sonnet is of one family with vendor/claude");
        assertThat(judged).hasValue(0);
    }

    private Verdict verdict(String judge) throws Exception {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < ITEMS; i++) {
            items.append("{\"id\":\"%d\",\"messages\":[{\"role\":\"user\",\"content\":\"say %d\"}]}\n".formatted(i, i));
        }
        Files.writeString(folder.resolve("items.jsonl"), items);
        Files.writeString(folder.resolve("suite.yaml"),
                "suite: judged\ngraders:\n  - {id: good, type: judge_binary, primary: true, " + judge + "}\n");
        Suite suite = new SuiteReader().read(folder);
        ModelClient answers = (model, messages, sampling) -> {
            boolean judging = suite.judges().contains(model);
            judged.addAndGet(judging ? 1 : 0);
            return new Answer(judging ? "{\"pass\": true}" : "well said by " + model + messages, Duration.ofMillis(3),
                    null,
                    null, null, false, "stop", model.name(), null, false);
        };
        EvalRunner runner = new EvalRunner(answers, new RunStore(folder.resolve("runs")), InstantSource.fixed(NOW),
                executor,
                wait -> {});
        Comparison comparison = runner.compare(suite, new Contestant(OPEN, "w"), new Contestant(CLOSED, null),
                RunSettings.DEFAULT, RunListener.SILENT, PairMonitor.ALL_ITEMS);
        compared = comparison;
        return new VerdictComputer().compute(comparison, Design.of(suite.decision(), 0.03, Design.Test.FIXED),
                folder.resolve("records.jsonl"), NOW, null);
    }

    /** 120 labels, half of them good, of which the judge gets so many wrong. */
    private void calibrate(String model, int wrong) throws IOException {
        Judge judge = new Judge(ModelId.parse(model), null, Map.of("temperature", 0.0, "max_tokens", 1_024), null);
        List<Calibration.Label> labels = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            boolean human = i % 2 == 0;
            labels.add(new Calibration.Label("" + i, human, (i < wrong) != human, null));
        }
        CalibrationFile.write(folder.resolve("cal.jsonl"), judge.fingerprint("judge_binary"), "judge_binary", labels);
    }
}
