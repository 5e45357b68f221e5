package dev.pareto.evals.grade.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import dev.pareto.evals.grade.SharedData;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Judges on LLMBar, whose labels people gave: the figures must be those of the research. */
final class CalibrationTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> llmBarFiguresAreReproduced() throws IOException {
        List<String[]> verdicts = verdicts();
        return golden("llmbar_calibration").map(expected -> DynamicTest.dynamicTest(
                expected.get("judge").asString() + " " + expected.get("subset").asString(), () -> {
                    Calibration calibration = Calibration.of("x", labels(verdicts, expected.get("judge").asString(),
                            expected.get("subset").asString()), true);
                    Calibration.Order order = Objects.requireNonNull(calibration.order());
                    assertThat(calibration.n()).isEqualTo(expected.get("n").asInt());
                    assertThat(order.consistent()).isCloseTo(expected.get("consistent_both_orders").asDouble(),
                            within(1e-12));
                    assertThat(order.firstPositionRate()).isCloseTo(expected.get("first_position_rate").asDouble(),
                            within(1e-12));
                    assertThat(calibration.agreement()).isCloseTo(expected.get("accuracy_single_order").asDouble(),
                            within(1e-12));
                    assertThat(Objects.requireNonNull(order.agreementWhenConsistent()))
                            .isCloseTo(expected.get("accuracy_when_consistent").asDouble(), within(1e-12));
                    assertThat(Objects.requireNonNull(calibration.kappa()))
                            .isCloseTo(expected.get("kappa_vs_human").asDouble(), within(1e-12));
                }));
    }

    @Test
    void onlyGpt4OnPlainPairsIsOverTheBar() throws IOException {
        List<String[]> verdicts = verdicts();
        Set<String> open = new TreeSet<>();
        golden("llmbar_calibration").forEach(expected -> {
            String judge = expected.get("judge").asString();
            String subset = expected.get("subset").asString();
            if (Calibration.of("x", labels(verdicts, judge, subset), true).opensGate()) {
                open.add(judge + " " + subset);
            }
        });
        assertThat(open).containsExactly("GPT-4 natural+processed");
        assertThat(Calibration.of("x", labels(verdicts, "GPT-4", "all"), true).shortfalls())
                .containsExactly("kappa is 0.549, below 0.60");
        assertThat(Calibration.of("x", labels(verdicts, "ChatGPT", "all"), true).shortfalls()).hasSize(4)
                .anyMatch(shortfall -> shortfall.contains("picks the first answer in 0.693"));
    }

    @Test
    void fewOrLopsidedOrUnreadableLabelsAreNotEnough() {
        assertThat(Calibration.of("x", perfect(49, 49, 0), false).shortfalls())
                .containsExactly("98 labels, 49 of them good; it takes 100, 50 of either kind");
        assertThat(Calibration.of("x", perfect(90, 20, 0), false).opensGate()).isFalse();
        assertThat(Calibration.of("x", perfect(60, 60, 7), false).shortfalls())
                .containsExactly("7 of 127 replies could not be read");
        assertThat(Calibration.of("x", perfect(60, 60, 2), false).opensGate()).isTrue();
        assertThat(Calibration.of("x", perfect(120, 0, 0), false).shortfalls())
                .anyMatch(shortfall -> shortfall.contains("kappa cannot be told"));
    }

    @Test
    void aFileIsReadAsItWasWritten() throws IOException {
        List<Calibration.Label> labels = List.of(new Calibration.Label("1", true, true, true),
                new Calibration.Label("2", false, true, false), new Calibration.Label("3", false, null, true));
        Path file = folder.resolve("cal.jsonl");
        CalibrationFile.write(file, "f00", "judge_pairwise", labels);
        assertThat(CalibrationFile.read(file)).isEqualTo(Calibration.of("f00", labels, true));
        Files.writeString(file, "{\"fingerprint\": \"f\"}\n{\"id\": \"1\", \"human\": 1}\n");
        assertThatThrownBy(() -> CalibrationFile.read(file)).hasMessageContaining("line 2")
                .hasMessageContaining("'human', true or false");
        Files.writeString(file, "{\"id\": \"1\", \"human\": true}\n");
        assertThatThrownBy(() -> CalibrationFile.read(file)).hasMessageContaining("line 1")
                .hasMessageContaining("fingerprint");
    }

    @Test
    void anEditedFileIsRefusedAndOneWithoutASealOpensNoGate() throws IOException {
        Path file = folder.resolve("cal.jsonl");
        CalibrationFile.write(file, "f00", "judge_binary", perfect(60, 60, 0));
        assertThat(CalibrationFile.read(file).opensGate()).isTrue();
        String whole = Files.readString(file);
        Files.writeString(file, whole.replaceFirst("\"human\":true", "\"human\":false"));
        assertThatThrownBy(() -> CalibrationFile.read(file)).hasMessageContaining("something in it was edited");
        Files.writeString(file, whole.replaceFirst(",\"seal\":\"[0-9a-f]+\"", ""));
        assertThat(CalibrationFile.read(file).shortfalls()).singleElement().asString().contains("has no seal");
    }

    @Test
    void labelsThatAllAgreeAreNoCertainty() {
        assertThat(Calibration.of("x", perfect(60, 60, 0), false).kappaLower()).isBetween(0.9, 0.95);
        assertThat(Calibration.of("x", perfect(3, 3, 0), false).kappaLower()).isLessThan(0.4);
    }

    @Test
    void aChangedJudgeVoidsItsCalibration() {
        Judge judge = new Judge(ModelId.parse("openai/gpt-4o"), "rubric", Map.of("temperature", 0), null);
        String fingerprint = judge.fingerprint("judge_binary");
        Calibration calibration = Calibration.of(fingerprint, perfect(60, 60, 0), false);
        Judge proven = new Judge(judge.model(), "rubric", Map.of("temperature", 0), calibration);
        Judge reworded = new Judge(judge.model(), "another rubric", Map.of("temperature", 0), calibration);
        assertThat(JudgeAlone.binary(proven).gateProblems()).isEmpty();
        assertThat(JudgeAlone.binary(reworded).gateProblems().getFirst()).contains("changed since its calibration");
        assertThat(JudgeAlone.score(proven, 0.5).gateProblems().getFirst())
                .contains("changed since its calibration");
        assertThat(JudgeAlone.binary(judge).gateProblems().getFirst()).contains("no calibration");
    }

    /**
     * The longer answer tends to win: Spearman's correlation as measured on WildBench. The published figures were taken from
     * differences of floats, whose noise parted ties; these are of whole points, ties kept.
     */
    @TestFactory
    Stream<DynamicTest> lengthBiasIsThatOfTheResearch() throws IOException {
        Map<String, double[]> scores = new HashMap<>();
        try (BufferedReader in = gzip("eval-data/wildbench/scores.csv.gz")) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",", -1);
                if (!cells[4].isEmpty()) {
                    scores.put(String.join(",", cells[0], cells[1], cells[2], cells[3]),
                            new double[]{Double.parseDouble(cells[4]), Double.parseDouble(cells[5])});
                }
            }
        }
        return golden("wildbench_paired").map(expected -> DynamicTest.dynamicTest(expected.get("judge").asString() + " "
                + expected.get("incumbent").asString() + " -> " + expected.get("candidate").asString(), () -> {
                    String prefix = expected.get("version").asString() + "," + expected.get("judge").asString() + ",";
                    String candidate = prefix + expected.get("candidate").asString() + ",";
                    String incumbent = prefix + expected.get("incumbent").asString() + ",";
                    List<double[]> differences = new ArrayList<>();
                    scores.forEach((key, x) -> {
                        double[] y = key.startsWith(candidate)
                                ? scores.get(incumbent + key.substring(candidate.length()))
                                : null;
                        if (y != null) {
                            differences.add(new double[]{x[0] - y[0], x[1] - y[1]});
                        }
                    });
                    double[] byScore = differences.stream().mapToDouble(d -> d[0]).toArray();
                    assertThat(byScore).hasSize(expected.get("n").asInt());
                    assertThat(Arrays.stream(byScore).average().orElseThrow() / 9).isCloseTo(
                            expected.get("diff").asDouble(),
                            within(1e-9));
                    assertThat(Objects.requireNonNull(
                            JudgeBias.ofLength(byScore, differences.stream().mapToDouble(d -> d[1]).toArray())))
                            .isCloseTo(expected.get("spearman_diff_vs_length_diff").asDouble(), within(0.02));
                }));
    }

    private static List<Calibration.Label> perfect(int good, int bad, int unreadable) {
        List<Calibration.Label> labels = new ArrayList<>();
        for (int i = 0; i < good + bad + unreadable; i++) {
            boolean human = i < good;
            labels.add(new Calibration.Label("" + i, human, i < good + bad ? (Boolean) human : null, null));
        }
        return labels;
    }

    private static List<Calibration.Label> labels(List<String[]> verdicts, String judge, String subset) {
        return verdicts.stream()
                .filter(row -> row[1].equals(judge) && row[2].equals("Vanilla_NoRules"))
                .filter(row -> subset.equals("all") || row[0].contains("Adversarial") == subset.equals("adversarial"))
                .map(row -> new Calibration.Label(row[0], row[3].equals("1"), word(row[4]), word(row[5])))
                .toList();
    }

    private static @Nullable Boolean word(String winner) {
        return winner.isEmpty() ? null : (Boolean) winner.equals("1");
    }

    private static List<String[]> verdicts() throws IOException {
        try (BufferedReader in = gzip("eval-data/llmbar/judge_verdicts.csv.gz")) {
            return in.lines().skip(1).map(line -> line.split(",", -1)).toList();
        }
    }

    private static BufferedReader gzip(String name) throws IOException {
        return new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(SharedData.require(name))), StandardCharsets.UTF_8));
    }

    private static Stream<JsonNode> golden(String group) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                CalibrationTest.class.getResourceAsStream("/dev/pareto/evals/golden_judge.json"))) {
            return JSON.readTree(in.readAllBytes()).get(group).valueStream().toList().stream();
        }
    }
}
