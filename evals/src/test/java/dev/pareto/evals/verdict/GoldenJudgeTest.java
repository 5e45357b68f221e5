package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import dev.pareto.evals.record.SharedData;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.agreement.Agreement;
import dev.pareto.evals.stats.agreement.Correlation;
import dev.pareto.evals.stats.paired.PairedT;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Judges' scores of real models, as published: intervals, verdicts, and how two judges see the same answers. */
final class GoldenJudgeTest {

    private static final double TOLERANCE = 1e-9;

    /** One judge's word on one answer. */
    private record Row(double points, long promptTokens, long completionTokens) {}

    @TestFactory
    Stream<DynamicTest> judgedPairsGiveThePublishedVerdicts() throws IOException {
        Map<String, Map<String, Row>> rows = rows();
        return golden("wildbench_paired").map(expected -> DynamicTest.dynamicTest(name(expected), () -> {
            String key = expected.get("version").asString() + "," + expected.get("judge").asString() + ",";
            Map<String, Row> candidate = Objects.requireNonNull(rows.get(key + expected.get("candidate").asString()));
            Map<String, Row> incumbent = Objects.requireNonNull(rows.get(key + expected.get("incumbent").asString()));
            List<PairRecord> records = new ArrayList<>();
            candidate.forEach((id, row) -> {
                Row other = incumbent.get(id);
                if (other != null) {
                    records.add(new PairRecord(id, null, null, PairRecord.Side.scored((row.points() - 1) / 9),
                            PairRecord.Side.scored((other.points() - 1) / 9)));
                }
            });
            assertThat(records).hasSize(expected.get("n").asInt());
            for (String margin : expected.get("verdicts").propertyNames()) {
                Verdict verdict = verdict(records, Double.parseDouble(margin));
                Verdict.Quality quality = verdict.quality();
                assertThat(quality.verdict()).hasToString(expected.at("/verdicts/" + margin).asString());
                assertThat(quality.intervalKind()).isEqualTo("paired-t-90");
                close(quality.diff(), expected.get("diff"));
                close(Objects.requireNonNull(quality.interval()).lower(), expected.at("/ci90/0"));
                close(Objects.requireNonNull(quality.interval()).upper(), expected.at("/ci90/1"));
                close(Objects.requireNonNull(verdict.candidate().accuracy()), expected.get("mean_candidate"));
                close(Objects.requireNonNull(verdict.incumbent().accuracy()), expected.get("mean_incumbent"));
                Verdict.SecondOpinion second = Objects.requireNonNull(quality.secondOpinion());
                assertThat(second.kind()).isEqualTo("bca-90");
                assertThat(second.agrees()).isTrue();
            }
            PairedT t = PairedT.of(records.stream().mapToDouble(PairRecord::difference).toArray());
            close(t.standardDeviation(), expected.get("sd"));
            close(t.standardError(), expected.get("se"));
        }));
    }

    /** Of these the scores themselves are not at hand: what follows from mean and spread must be as published. */
    @TestFactory
    Stream<DynamicTest> meansAndSpreadsGiveThePublishedIntervalsAndVerdicts() throws IOException {
        return golden("alpaca_eval_paired").map(expected -> DynamicTest.dynamicTest(name(expected), () -> {
            close(expected.get("mean_candidate").asDouble() - expected.get("mean_incumbent").asDouble(),
                    expected.get("diff"));
            PairedT t = new PairedT(expected.get("n").asInt(), expected.get("diff").asDouble(),
                    expected.get("sd").asDouble());
            Interval interval = t.interval(0.9);
            close(t.standardError(), expected.get("se"));
            close(interval.lower(), expected.at("/ci90/0"));
            close(interval.upper(), expected.at("/ci90/1"));
            assertThat(Margins.outcome(interval, 0.05)).hasToString(expected.get("verdict_0.05").asString());
        }));
    }

    @TestFactory
    Stream<DynamicTest> twoJudgesSeeTheSameAnswersAsPublished() throws IOException {
        Map<String, Map<String, Row>> rows = rows();
        return golden("wildbench_judge_vs_judge")
                .map(expected -> DynamicTest.dynamicTest(expected.get("model").asString(), () -> {
                    String model = expected.get("model").asString();
                    Map<String, Row> one = Objects.requireNonNull(rows.get("v2.0522,gpt-4o-2024-05-13," + model));
                    Map<String, Row> two = Objects.requireNonNull(rows.get("v2.0522,gpt-4-turbo-2024-04-09," + model));
                    List<String> ids = one.keySet().stream().filter(two::containsKey).toList();
                    double[] first = ids.stream()
                            .mapToDouble(id -> Objects.requireNonNull(one.get(id)).points())
                            .toArray();
                    double[] second = ids.stream()
                            .mapToDouble(id -> Objects.requireNonNull(two.get(id)).points())
                            .toArray();
                    assertThat(ids).hasSize(expected.get("n").asInt());
                    close((mean(first) - 1) / 9, expected.get("mean_gpt4o"));
                    close((mean(second) - 1) / 9, expected.get("mean_gpt4turbo"));
                    close((mean(second) - mean(first)) / 9, expected.get("shift"));
                    close(Objects.requireNonNull(Correlation.spearman(first, second)).coefficient(),
                            expected.get("spearman"));
                    close(Objects.requireNonNull(Agreement.of(whole(first), whole(second), 11)
                            .kappa(Agreement.Weighting.QUADRATIC)).value(), expected.get("kappa_quadratic"));
                }));
    }

    @Test
    void judgesReadAndWroteAsManyTokensAsPublished() throws IOException {
        List<Row> all = rows().values().stream().flatMap(rows -> rows.values().stream()).toList();
        JsonNode expected = read().get("wildbench_judge_tokens");
        long prompt = all.stream().mapToLong(Row::promptTokens).sum();
        long completion = all.stream().mapToLong(Row::completionTokens).sum();
        assertThat(all).hasSize(expected.get("calls").asInt());
        assertThat(prompt).isEqualTo(expected.get("prompt").asLong());
        assertThat(completion).isEqualTo(expected.get("completion").asLong());
        close((double) prompt / all.size(), expected.get("prompt_per_call"));
        close((double) completion / all.size(), expected.get("completion_per_call"));
    }

    private static Verdict verdict(List<PairRecord> records, double margin) {
        Verdict.Subject nobody = new Verdict.Subject("x", null, List.of(), false, null);
        return new VerdictComputer().compute(records, Design.ofRecords(margin, 0.05, Design.Test.FIXED),
                new VerdictContext(null, new Verdict.SuiteRef("golden", null), nobody, nobody, records.size(),
                        List.of(),
                        null, null, null, Instant.EPOCH, null));
    }

    /** By version, judge and model, then by the conversation; answers without a score are kept for their tokens. */
    private static Map<String, Map<String, Row>> rows() throws IOException {
        Path file = SharedData.path("eval-data/wildbench/scores.csv.gz");
        assumeThat(file).as("the published scores lie beside the repository").isNotNull();
        Map<String, Map<String, Row>> rows = new HashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Objects.requireNonNull(file))), StandardCharsets.UTF_8))) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",", -1);
                rows.computeIfAbsent(String.join(",", cells[0], cells[1], cells[2]), key -> new TreeMap<>())
                        .put(cells[3], new Row(Double.parseDouble(cells[4]), tokens(cells[6]), tokens(cells[7])));
            }
        }
        return rows;
    }

    private static long tokens(String cell) {
        return cell.isEmpty() ? 0 : Long.parseLong(cell);
    }

    private static int[] whole(double[] points) {
        return Arrays.stream(points).mapToInt(point -> (int) point).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static void close(double actual, JsonNode expected) {
        assertThat(actual).isCloseTo(expected.doubleValue(), within(TOLERANCE));
    }

    private static String name(JsonNode expected) {
        return expected.get("judge").asString() + ": " + expected.get("incumbent").asString() + " to "
                + expected.get("candidate").asString();
    }

    private static Stream<JsonNode> golden(String group) throws IOException {
        return read().get(group).valueStream().toList().stream();
    }

    private static JsonNode read() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                GoldenJudgeTest.class.getResourceAsStream("/dev/pareto/evals/golden_judge.json"))) {
            return JsonMapper.shared().readTree(in.readAllBytes());
        }
    }
}
