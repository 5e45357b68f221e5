package dev.pareto.evals.grade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import dev.pareto.evals.grade.number.NumberAnswer;
import dev.pareto.evals.grade.text.ChoiceLetter;
import dev.pareto.evals.grade.text.PythonLiteral;
import dev.pareto.evals.grade.text.TextMatch;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real outputs of closed and open models: our graders must give each the outcome, and each model the accuracy, that is published. */
final class PublishedAccuraciesTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TestFactory
    Stream<DynamicTest> zeroEvalOutcomesAreReproducedToTheItem() throws IOException {
        Path data = shared("eval-data/zeroeval");
        return Stream.of("gsm", "crux", "math-l5")
                .flatMap(task -> models(data, task).map(model -> DynamicTest
                        .dynamicTest(task + " " + model, () -> {
                            Map<String, Boolean> published = published(data, task, model);
                            Map<String, Grade> graded = graded(data, task, model);
                            assertThat(graded).hasSameSizeAs(published);
                            graded.forEach(
                                    (id, grade) -> assertThat(grade.formatFailure() ? null : (Boolean) grade.pass())
                                            .as(id)
                                            .isEqualTo(published.get(id)));
                        })));
    }

    @TestFactory
    Stream<DynamicTest> goldenAccuraciesAndFormatFailuresAreReproduced() throws IOException {
        Path data = shared("eval-data/zeroeval");
        JsonNode golden = JSON.readTree(Files.readString(shared("vectors/golden_verdicts.json")));
        return golden.get("verdicts")
                .valueStream()
                .filter(pair -> pair.get("task").asString().startsWith("zeroeval/"))
                .map(pair -> DynamicTest
                        .dynamicTest(pair.get("task").asString() + " " + pair.get("incumbent").asString()
                                + " -> " + pair.get("candidate").asString(), () -> assertAccuracies(data, pair)));
    }

    private static void assertAccuracies(Path data, JsonNode pair) throws IOException {
        String task = pair.get("task").asString().substring("zeroeval/".length());
        Map<String, Grade> candidate = graded(data, task, pair.get("candidate").asString());
        Map<String, Grade> incumbent = graded(data, task, pair.get("incumbent").asString());
        candidate.keySet().retainAll(incumbent.keySet());
        incumbent.keySet().retainAll(candidate.keySet());
        assertThat(candidate).hasSize(pair.get("n").asInt());
        assertThat(accuracy(candidate)).isCloseTo(pair.get("acc_candidate").asDouble(), within(1e-12));
        assertThat(accuracy(incumbent)).isCloseTo(pair.get("acc_incumbent").asDouble(), within(1e-12));
        assertThat(unanswered(candidate)).isEqualTo(pair.at("/format_failures/candidate_no_answer").asLong());
        assertThat(unanswered(incumbent)).isEqualTo(pair.at("/format_failures/incumbent_no_answer").asLong());
    }

    @Test
    void routeLlmAccuraciesOnGsm8kAreReproduced() throws IOException {
        Path data = shared("eval-data/routellm");
        JsonNode golden = JSON.readTree(Files.readString(shared("vectors/golden_verdicts.json")));
        JsonNode pair = golden.get("verdicts")
                .valueStream()
                .filter(verdict -> verdict.get("task").asString().equals("routellm/gsm8k"))
                .findFirst()
                .orElseThrow();
        Map<String, JsonNode> keys = new HashMap<>();
        for (String line : Files.readAllLines(data.resolve("gsm8k_test.jsonl"))) {
            JsonNode item = JSON.readTree(line);
            String answer = item.get("answer").asString();
            keys.put(item.get("question").asString(),
                    JSON.valueToTree(answer.substring(answer.indexOf("####") + 4).strip()));
        }
        List<List<String>> rows = csv(Files.readString(data.resolve("gsm8k_responses.csv")));
        Grader grader = new NumberAnswer(NumberAnswer.Preset.LAST_INTEGER, 0);
        int weak = 0;
        int strong = 0;
        for (List<String> row : rows.subList(1, rows.size())) {
            Grade mixtral = grader.grade(row.get(3), keys.get(row.get(0)));
            Grade gpt4 = grader.grade(row.get(4), keys.get(row.get(0)));
            assertThat(mixtral.pass()).as(row.get(3)).isEqualTo(row.get(1).equals("True"));
            assertThat(gpt4.pass()).as(row.get(4)).isEqualTo(row.get(2).equals("True"));
            weak += mixtral.pass() ? 1 : 0;
            strong += gpt4.pass() ? 1 : 0;
        }
        double n = rows.size() - 1.0;
        assertThat(weak / n).isCloseTo(pair.get("acc_candidate").asDouble(), within(1e-12));
        assertThat(strong / n).isCloseTo(pair.get("acc_incumbent").asDouble(), within(1e-12));
    }

    @Test
    void everyChoiceOfBbhIsToldFromAnAnswerThatNamesIt() throws IOException {
        ChoiceLetter choice = new ChoiceLetter(18);
        TextMatch text = new TextMatch(TextMatch.Rule.NORMALIZED);
        int choices = 0;
        for (String line : Files.readAllLines(shared("eval-data/bbh").resolve("bbh.jsonl"))) {
            JsonNode target = JSON.readTree(line).get("target");
            String key = target.asString();
            if (key.matches("\\([A-R]\\)")) {
                choices++;
                String other = key.equals("(A)") ? "(B)" : "(A)";
                assertThat(choice.problemWith(target)).isNull();
                assertThat(choice.grade("Let's think. It is not " + other + ". So the answer is " + key + ".", target)
                        .pass())
                        .isTrue();
                assertThat(choice.grade("So the answer is **" + other + "**.", target).pass()).isFalse();
            } else {
                assertThat(text.grade(" " + key + ".", target).pass()).as(key)
                        .isEqualTo(!key.matches(".*[^\\p{Alnum}]$")
                                || text.grade(key, target).pass());
            }
        }
        assertThat(choices).isGreaterThan(3_000);
    }

    private static double accuracy(Map<String, Grade> grades) {
        return grades.values().stream().mapToDouble(grade -> grade.pass() ? 1 : 0).average().orElseThrow();
    }

    private static long unanswered(Map<String, Grade> grades) {
        return grades.values().stream().filter(Grade::formatFailure).count();
    }

    private static Stream<String> models(Path data, String task) {
        try (Stream<Path> files = Files.list(data.resolve(task))) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> name.substring(0, name.length() - ".jsonl.gz".length()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Grade> graded(Path data, String task, String model) throws IOException {
        Map<String, JsonNode> keys = new HashMap<>();
        for (String line : Files.readAllLines(data.resolve(task + ".items.jsonl"))) {
            JsonNode item = JSON.readTree(line);
            keys.put(item.get("id").asString(), item.get("answer"));
        }
        Grader grader = task.equals("crux") ? new PythonLiteral() : new NumberAnswer(NumberAnswer.Preset.GSM8K, 0);
        Map<String, Grade> grades = new HashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(data.resolve(task).resolve(model + ".jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode output = JSON.readTree(line);
                String id = output.get("id").asString();
                grades.put(id, grader.grade(output.get("output").asString(), keys.get(id)));
            }
        }
        return grades;
    }

    /** Published outcomes; null for an answer that was not given, absent for an item that was not asked. */
    private static Map<String, Boolean> published(Path data, String task, String model) throws IOException {
        List<List<String>> rows = csv(Files.readString(data.resolve(task + ".correct.csv")));
        int column = rows.getFirst().indexOf(model);
        Map<String, Boolean> outcomes = new HashMap<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            String outcome = row.get(column);
            if (!outcome.isEmpty()) {
                outcomes.put(row.getFirst(), outcome.equals("NA") ? null : (Boolean) outcome.equals("1"));
            }
        }
        return outcomes;
    }

    private static List<List<String>> csv(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        return rows;
    }

    private static Path shared(String name) {
        return SharedData.require(name);
    }
}
