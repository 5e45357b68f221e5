package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.text.PatternMatch;
import dev.pareto.evals.grade.number.NumberAnswer;
import dev.pareto.evals.grade.text.PythonLiteral;
import dev.pareto.evals.record.Published;
import dev.pareto.evals.record.RecordingConverter;
import dev.pareto.evals.record.SharedData;
import dev.pareto.evals.stats.paired.ClusteredMean;
import dev.pareto.evals.stats.paired.PairedT;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * From the words that real models wrote to the published verdicts: our converter reads the outputs, our graders grade them, our
 * tests decide. RouteLLM's MMLU has no outputs in public, only marks, so its decision starts from these.
 */
final class RawOutputsTest {

    private final Map<String, Published> sources = new HashMap<>();
    private final Map<String, Map<String, Grade>> graded = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> rawOutputsGiveThePublishedVerdict() throws IOException {
        return golden().filter(pair -> !task(pair).equals("routellm/mmlu"))
                .map(pair -> DynamicTest.dynamicTest(task(pair) + ": " + pair.get("incumbent").asString() + " to "
                        + pair.get("candidate").asString(), () -> check(pair)));
    }

    @Test
    void marksOfMmluGiveThePublishedVerdictStopsClustersAndSubjects() throws IOException {
        Path file = SharedData.path("routing/mmlu.jsonl.gz");
        assumeThat(file).as("the published marks lie beside the repository").isNotNull();
        JsonNode pair = golden().filter(one -> task(one).equals("routellm/mmlu")).findFirst().orElseThrow();
        List<PairRecord> records = new ArrayList<>();
        List<PairRecord> grouped = new ArrayList<>();
        try (var lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Objects.requireNonNull(file))), StandardCharsets.UTF_8))) {
            lines.lines().map(JsonMapper.shared()::readTree).forEach(line -> {
                String id = line.get("id").asString().substring("mmlu/".length());
                var candidate = PairRecord.Side
                        .scored(line.at("/models/open~1mixtral-8x7b-instruct-v0.1/score").asDouble());
                var incumbent = PairRecord.Side.scored(line.at("/models/openai~1gpt-4-1106-preview/score").asDouble());
                String subject = line.get("subject").asString();
                records.add(new PairRecord(id, null, null, candidate, incumbent));
                grouped.add(new PairRecord(id, subject, subject, candidate, incumbent));
            });
        }
        assertThat(records).hasSize(pair.get("n").asInt());
        Verdict first = verdict(records, 0.02, Design.Test.FIXED);
        assertThat(first.data().onlyCandidate()).isEqualTo(pair.get("b_only_candidate").asInt());
        assertThat(first.data().onlyIncumbent()).isEqualTo(pair.get("c_only_incumbent").asInt());
        for (JsonNode expected : pair.get("fixed")) {
            assertThat(verdict(records, expected.get("delta").asDouble(), Design.Test.FIXED).quality().verdict())
                    .hasToString(expected.get("verdict").asString());
        }
        checkStops(pair, records);
        Verdict clustered = new VerdictComputer().compute(grouped, Design.ofRecords(0.02, 0.05, Design.Test.FIXED,
                grouped), context(grouped.size()));
        assertThat(clustered.quality().intervalKind()).isEqualTo("clustered-t-90");
        Verdict.Bounds interval = Objects.requireNonNull(clustered.quality().interval());
        assertThat(interval.lower()).isCloseTo(pair.at("/clustered/ci90/0").asDouble(), within(1e-9));
        assertThat(interval.upper()).isCloseTo(pair.at("/clustered/ci90/1").asDouble(), within(1e-9));
        assertThat(clustered.slices()).hasSize(57);
        double[] differences = grouped.stream().mapToDouble(PairRecord::difference).toArray();
        ClusteredMean mean = ClusteredMean.of(differences,
                grouped.stream().map(record -> String.valueOf(record.cluster())).toList());
        double alone = PairedT.of(differences).standardError();
        assertThat(mean.clusters()).isEqualTo(pair.at("/clustered/clusters").asInt());
        assertThat(alone).isCloseTo(pair.at("/clustered/naive_se").asDouble(), within(1e-12));
        assertThat(mean.standardError()).isCloseTo(pair.at("/clustered/se_CR0").asDouble(), within(1e-12));
        assertThat(mean.correctedStandardError()).isCloseTo(pair.at("/clustered/se_CR1").asDouble(), within(1e-12));
        assertThat(Math.pow(mean.correctedStandardError() / alone, 2))
                .isCloseTo(pair.at("/clustered/design_effect").asDouble(), within(1e-6));
    }

    private void check(JsonNode pair) throws IOException {
        Path place = SharedData.path("eval-data/" + task(pair).replace("routellm/gsm8k", "routellm"));
        assumeThat(place).as("the published outputs lie beside the repository").isNotNull();
        Published published = sources.computeIfAbsent(task(pair), name -> read(Objects.requireNonNull(place)));
        Map<String, Grade> candidate = grades(published, pair, "candidate");
        Map<String, Grade> incumbent = grades(published, pair, "incumbent");
        List<PairRecord> records = new ArrayList<>();
        candidate.forEach((id, grade) -> {
            Grade other = incumbent.get(id);
            if (other != null) {
                records.add(new PairRecord(id, null, null, PairRecord.Side.scored(grade.score()),
                        PairRecord.Side.scored(other.score())));
            }
        });

        assertThat(records).hasSize(pair.get("n").asInt());
        Verdict first = verdict(records, 0.02, Design.Test.FIXED);
        assertThat(first.candidate().accuracy()).isCloseTo(pair.get("acc_candidate").asDouble(), within(1e-12));
        assertThat(first.incumbent().accuracy()).isCloseTo(pair.get("acc_incumbent").asDouble(), within(1e-12));
        assertThat(first.data().both()).isEqualTo(pair.get("a_both").asInt());
        assertThat(first.data().onlyCandidate()).isEqualTo(pair.get("b_only_candidate").asInt());
        assertThat(first.data().onlyIncumbent()).isEqualTo(pair.get("c_only_incumbent").asInt());
        assertThat(first.data().neither()).isEqualTo(pair.get("d_neither").asInt());
        Verdict.Descriptive second = Objects.requireNonNull(first.quality().descriptive());
        assertThat(second.mcnemarExactP()).isCloseTo(pair.get("mcnemar_exact_p").asDouble(), within(1e-9));
        assertThat(second.mcnemarMidP()).isCloseTo(pair.get("mcnemar_midp").asDouble(), within(1e-9));
        if (pair.has("format_failures")) {
            JsonNode unread = pair.get("format_failures");
            assertThat(unreadable(candidate)).isEqualTo(unread.get("candidate_no_answer").asLong());
            assertThat(unreadable(incumbent)).isEqualTo(unread.get("incumbent_no_answer").asLong());
        }
        for (JsonNode expected : pair.get("fixed")) {
            Verdict.Quality quality = verdict(records, expected.get("delta").asDouble(), Design.Test.FIXED).quality();
            assertThat(quality.verdict()).hasToString(expected.get("verdict").asString());
            Verdict.Bounds interval = Objects.requireNonNull(quality.interval());
            assertThat(interval.lower()).isCloseTo(expected.get("tango90").get(0).asDouble(), within(1e-8));
            assertThat(interval.upper()).isCloseTo(expected.get("tango90").get(1).asDouble(), within(1e-8));
            assertThat(quality.pNonInferior()).isCloseTo(expected.get("p_noninferior").asDouble(), within(1e-9));
        }
        checkStops(pair, records);
    }

    private static void checkStops(JsonNode pair, List<PairRecord> records) {
        for (String margin : pair.get("sequential").propertyNames()) {
            JsonNode expected = pair.get("sequential").get(margin);
            Verdict.Quality quality = verdict(records, Double.parseDouble(margin), Design.Test.SEQUENTIAL).quality();
            assertThat(quality.verdict()).hasToString(expected.get("verdict").asString());
            assertThat(quality.stoppedAt()).isEqualTo(expected.get("n_used").asInt());
            assertThat(quality.logENoninferior()).isCloseTo(expected.get("log_e_noninf").asDouble(), within(1e-8));
            assertThat(quality.logEInferior()).isCloseTo(expected.get("log_e_inf").asDouble(), within(1e-8));
        }
    }

    /** Grades of a model by item, in the order of the items. */
    private Map<String, Grade> grades(Published published, JsonNode pair, String side) throws IOException {
        String name = pair.get(side).asString();
        Map<String, Grade> known = graded.get(task(pair) + " " + name);
        if (known != null) {
            return known;
        }
        Map<String, JsonNode> keys = new HashMap<>();
        boolean lastDigits = task(pair).equals("routellm/gsm8k");
        published.items()
                .forEach(item -> keys.put(item.id(), JsonNodeFactory.instance.stringNode(
                        lastDigits ? key(item).replace("-", "") : key(item))));
        Grader grader = lastDigits ? LAST_DIGITS : zeroEval(task(pair));
        Map<String, Grade> grades = new LinkedHashMap<>();
        answers(published, name).forEach((id, said) -> grades.put(id,
                Grader.apply(grader, lastDigits ? said.output().replace(",", "") : said.output(), keys.get(id))));
        graded.put(task(pair) + " " + name, grades);
        return grades;
    }

    /** RouteLLM marks the last run of digits: to it {@code $20.00} is 00, and the published marks are of that kind. */
    private static final Grader LAST_DIGITS = new PatternMatch(Pattern.compile("(\\d+)[^\\d]*+$"));

    private static Grader zeroEval(String task) {
        return task.endsWith("crux") ? new PythonLiteral() : new NumberAnswer(NumberAnswer.Preset.GSM8K, 0);
    }

    private static String key(Published.Item item) {
        return Objects.requireNonNull(item.expected());
    }

    private static Published.Answers answers(Published published, String name) {
        return published.models()
                .stream()
                .filter(model -> model.model().toLowerCase(Locale.ROOT).endsWith(name))
                .findFirst()
                .or(() -> published.models().stream().filter(model -> model.model().equals(name)).findFirst())
                .orElseThrow();
    }

    private static long unreadable(Map<String, Grade> grades) {
        return grades.values().stream().filter(Grade::formatFailure).count();
    }

    private static Verdict verdict(List<PairRecord> records, double margin, Design.Test test) {
        return new VerdictComputer().compute(records, Design.ofRecords(margin, 0.05, test), context(records.size()));
    }

    private static VerdictContext context(int planned) {
        Verdict.Subject nobody = new Verdict.Subject("x", null, List.of(), false, null);
        return new VerdictContext(null, new Verdict.SuiteRef("golden", null), nobody, nobody, planned, List.of(), null,
                null, null, Instant.EPOCH, null);
    }

    private static Published read(Path place) {
        try {
            return new RecordingConverter().read(place.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String task(JsonNode pair) {
        return pair.get("task").asString();
    }

    private static Stream<JsonNode> golden() throws IOException {
        try (@Nullable
        InputStream in = RawOutputsTest.class
                .getResourceAsStream("/dev/pareto/evals/golden_verdicts.json")) {
            return JsonMapper.shared()
                    .readTree(Objects.requireNonNull(in).readAllBytes())
                    .get("verdicts")
                    .valueStream()
                    .toList()
                    .stream();
        }
    }
}
