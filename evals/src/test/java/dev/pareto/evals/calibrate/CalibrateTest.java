package dev.pareto.evals.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.SharedData;
import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.evals.grade.judge.JudgeAlone;
import dev.pareto.evals.grade.judge.JudgePairwise;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalibrateTest {

    private static final Judge JUDGE = new Judge(ModelId.parse("third/oracle"), null, Map.of(), null);

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void recordedWordsOfLlmBarGiveTheFiguresOfTheResearch() throws IOException {
        Path file = SharedData.require("eval-data/llmbar/judge_verdicts.csv.gz");
        Calibration gpt4 = calibration(RecordedWords.read(file, "GPT-4", "Vanilla_NoRules", id -> true));
        assertThat(Objects.requireNonNull(gpt4.kappa())).isCloseTo(0.55, within(0.005));
        assertThat(Objects.requireNonNull(gpt4.order()).consistent()).isCloseTo(0.88, within(0.005));
        assertThat(Objects.requireNonNull(gpt4.order()).firstPositionRate()).isCloseTo(0.506, within(0.0005));
        assertThat(gpt4.opensGate()).isFalse();
        Calibration chat = calibration(RecordedWords.read(file, "ChatGPT", "Vanilla_NoRules", id -> true));
        assertThat(Objects.requireNonNull(chat.kappa())).isCloseTo(0.11, within(0.005));
        assertThat(Objects.requireNonNull(chat.order()).consistent()).isCloseTo(0.59, within(0.005));
        assertThat(Objects.requireNonNull(chat.order()).firstPositionRate()).isCloseTo(0.69, within(0.005));
        Calibration natural = calibration(RecordedWords.read(file, "GPT-4", "Vanilla_NoRules",
                id -> !id.contains("Adversarial")));
        assertThat(natural.opensGate()).isTrue();
        assertThat(natural.fingerprint()).as("a recording is no judge of ours").startsWith("recorded-");
        assertThatThrownBy(() -> RecordedWords.read(file, "GPT-5", "CoT", id -> true))
                .hasMessageContaining("GPT-4 Vanilla_NoRules");
    }

    private static Calibration calibration(RecordedWords words) {
        return Calibration.of(words.fingerprint(), words.labels(), true);
    }

    @Test
    void pairsOfLlmBarAreReadAsLabels() throws IOException {
        Path file = SharedData.require("eval-data/llmbar/items.jsonl");
        LabelledCases pairs = LabelledCases.read(file, true);
        assertThat(pairs.cases()).hasSize(885 - pairs.leftOut().values().stream().mapToInt(Integer::intValue).sum());
        assertThat(pairs.cases().getFirst().human()).as("label 2").isFalse();
        LabelledCases single = LabelledCases.read(file, false);
        assertThat(single.cases())
                .hasSize(2 * 885 - single.leftOut().values().stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void aTextThatStandsThereOftenIsOneLabel() throws IOException {
        Path file = Files.writeString(folder.resolve("labels.jsonl"),
                """
                {"id": "1", "prompt": "2+2?", "answer": "4", "human": true}
                {"id": "2", "prompt": "2+2?", "answer": "4", "human": true}
                {"id": "3", "prompt": "2+2?", "answer": "5", "human": false}
                """);
        LabelledCases read = LabelledCases.read(file, false);
        assertThat(read.cases()).extracting(LabelledCase::id).containsExactly("1", "3");
        assertThat(read.leftOut()).isEqualTo(Map.of("the same text as another", 1));
    }

    @Test
    void everyShapeOfLabelsIsReadAndABadLineIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("labels.jsonl"),
                """
                {"id": "1", "prompt": "2+2?", "answer": "4", "human": true}
                {"id": "2", "messages": [{"role": "user", "content": "2+3?"}], "a": "5", "b": "6", "choice": "b", "rater": "1"}
                {"id": "3", "prompt": "2+4?", "a": "6", "b": "six", "choice": "both"}
                {"id": "4", "prompt": "2+5?", "a": "7", "b": "8", "choice": null}
                {"id": "5", "prompt": "2+6?", "a": "8", "b": "9", "human": "a"}
                """);
        assertThat(LabelledCases.read(file, true).cases()).extracting(LabelledCase::id, LabelledCase::human)
                .containsExactly(tuple("2", false),
                        tuple("5", true));
        assertThat(LabelledCases.read(file, true).leftOut())
                .isEqualTo(Map.of("no pair", 1, "both are good", 1, "nobody could tell", 1));
        assertThat(LabelledCases.read(file, false).cases()).extracting(LabelledCase::id)
                .containsExactly("1", "2#a", "2#b", "3#a", "3#b", "5#a", "5#b");
        Files.writeString(file, "{\"id\": \"1\", \"prompt\": \"x\", \"a\": \"1\", \"b\": \"2\", \"choice\": \"c\"}\n");
        assertThatThrownBy(() -> LabelledCases.read(file, true)).hasMessageContaining("line 1")
                .hasMessageContaining("'c' is no label");
        Files.writeString(file, "{\"id\": \"1\", \"prompt\": \"x\", \"answer\": \"1\", \"human\": 1}\n");
        assertThatThrownBy(() -> LabelledCases.read(file, false)).hasMessageContaining("true or false");
    }

    /** Prefers the longer answer, the first where both are as long, and cannot be read where the question is "?". */
    private static JudgeClient.Reply byLength(List<Map<String, Object>> messages) {
        String material = String.valueOf(messages.get(1).get("content"));
        String first = part(material, "answer-A");
        String second = part(material, "answer-B");
        boolean mute = part(material, "request").equals("?");
        return new JudgeClient.Reply(mute
                ? "hm"
                : "{\"winner\": \"" + (first.length() >= second.length() ? "A" : "B")
                        + "\"}",
                Duration.ofMillis(1), Money.usd("0.01"));
    }

    private static String part(String material, String name) {
        int at = material.indexOf("<" + name);
        int from = material.indexOf('\n', at) + 1;
        return material.substring(from, material.indexOf("\n</" + name, from));
    }

    @Test
    void aTrialGivesTheJudgesWordInBothOrders() throws Exception {
        List<LabelledCase> cases = List.of(pair("long-first", "q", "longer", "short", true),
                pair("long-second", "q", "short", "longer", true), pair("equal", "q", "same1", "same2", false),
                pair("mute", "?", "a", "b", true));
        var done = new AtomicInteger();
        List<Calibration.Label> labels = new JudgeTrial(new JudgePairwise(JUDGE, 0.5, null),
                (judge, messages, sampling) -> byLength(messages)).run(cases, executor, 2, done::set);
        assertThat(labels).containsExactly(new Calibration.Label("long-first", true, true, true),
                new Calibration.Label("long-second", true, false, false),
                new Calibration.Label("equal", false, true, false), new Calibration.Label("mute", true, null, null));
        assertThat(done).hasValue(4);
        assertThat(Objects.requireNonNull(Calibration.of("f", labels, true).order()).firstPositionRate())
                .isCloseTo(4 / 6.0, within(1e-12));
    }

    @Test
    void aTrialOfSingleAnswersAsksOnceEach() throws Exception {
        List<LabelledCase> cases = List.of(new LabelledCase("1", List.of(), "good", null, null, true),
                new LabelledCase("2", List.of(), "bad", null, null, true));
        List<Calibration.Label> labels = new JudgeTrial(JudgeAlone.binary(JUDGE),
                (judge, messages, sampling) -> new JudgeClient.Reply(
                        "{\"pass\": " + String.valueOf(messages.get(1).get("content")).contains("good") + "}",
                        Duration.ZERO, null))
                .run(cases, executor, 2, done -> {});
        assertThat(labels).containsExactly(new Calibration.Label("1", true, true, null),
                new Calibration.Label("2", true, false, null));
    }

    @Test
    void aSpendLimitIsNeverExceeded() throws Exception {
        var limit = new SpendLimit(Money.usd("0.035"));
        for (int i = 0; i < 3; i++) {
            limit.open();
            limit.close(true, Money.usd("0.01"));
        }
        assertThatThrownBy(limit::open).isInstanceOf(JudgeClient.JudgeException.class);
        assertThat(limit.refused()).isTrue();
        assertThat(limit.spent()).isEqualTo(Money.usd("0.03"));
        var unpriced = new SpendLimit(Money.usd("1"));
        unpriced.open();
        unpriced.close(true, null);
        assertThatThrownBy(unpriced::open).hasMessageContaining("not known");
        var open = new SpendLimit(null);
        open.open();
        open.close(true, null);
        open.open();
        assertThat(open.refused()).isFalse();
    }

    private static LabelledCase pair(String id, String question, String a, String b, boolean human) {
        return new LabelledCase(id, List.of(Map.of("role", "user", "content", question)), a, b, null, human);
    }
}
