package dev.pareto.evals.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.policies.catalog.ModelId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class GraderReaderTest {

    private static final String HEAD = "suite: s\ngraders:\n  - {id: base, type: exact}\n";

    private static final Schema PUBLISHED = published();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"type: choice_letter, choices: 4", "type: set_f1", "type: token_f1, threshold: 0.8",
            "type: levenshtein", "type: rouge_l", "type: bleu", "type: chrf", "type: length, unit: characters, max: 40",
            "type: number, preset: gsm8k", "type: number, preset: percent, tolerance: 0.5",
            "type: number, preset: currency",
            "type: number, preset: math", "type: number, preset: last_integer", "type: zeroeval, compare: text",
            "type: sql_normalized", "type: ifeval, mode: loose, partial: true",
            "type: json_schema, schema: {type: object}",
            "type: json_schema, schema: small.schema.json", "type: json_path, path: '$.a[0].b'",
            "type: json_diff, threshold: 0.9",
            "type: tool_call_ast, functions: [{name: f, parameters: {properties: {a: {type: integer}}}}], ordered: true",
            "type: tool_call_ast", "type: no_tool_call", "type: xml_valid, tolerant: true",
            "type: language, language: de",
            "type: refusal", "type: pii", "type: citation_present, min: 2", "type: finish_reason",
            "type: latency, max_ms: 900",
            "type: cost, max: 0.02", "type: judge_score, judge: openai/gpt-4o, threshold: 0.5",
            "type: judge_binary, judge: {model: openai/gpt-4o, temperature: 0, seed: 7}, rubric: rubric.md",
            "type: judge_pairwise, judge: openai/gpt-4o, orders: both, tie: 0.5",
            "type: reference_fact, judge: openai/gpt-4o",
            "type: judge_panel, kind: judge_binary, judges: [{model: a/b}, {model: c/d}, {model: e/f}]",
            "type: all, of: [{type: json_valid}, {type: not, of: [{type: refusal, wanted: true}]}]",
            "type: first_fail, of: [{type: json_valid}, {type: judge_binary, judge: openai/gpt-4o}]",
            "type: weighted, threshold: 0.7, of: [{type: exact, weight: 2}, {type: chrf}]"})
    void readsEveryTypeThatThePublishedSchemaAllows(String grader) throws IOException, SuiteException {
        assertThat(read(grader)).hasSize(2);
        JsonNode suite = YamlDocument.read(folder.resolve("suite.yaml")).root();
        assertThat(PUBLISHED.validate(suite)).isEmpty();
    }

    @Test
    void thePublishedSchemaRefusesWhatTheReaderRefuses() throws IOException, SuiteException {
        for (String grader : List.of("type: exactly", "type: chrf, threshold: 2",
                "type: exact, of: [{type: exact, primary: true}]",
                "type: exact, unknown: 1", "type: judge_pairwise, judge: a/b, orders: one")) {
            assertThatThrownBy(() -> read(grader)).isInstanceOf(SuiteException.class);
            assertThat(PUBLISHED.validate(YamlDocument.read(folder.resolve("suite.yaml")).root())).as(grader)
                    .isNotEmpty();
        }
    }

    @Test
    void toolsAreOfferedWithEveryQuestion() throws IOException, SuiteException {
        write("type: tool_call_ast");
        Files.writeString(folder.resolve("tools.json"), "[{\"type\": \"function\", \"function\": {\"name\": \"f\"}}]");
        String yaml = Files.readString(folder.resolve("suite.yaml"));
        Files.writeString(folder.resolve("suite.yaml"), yaml + "sampling: {tools: tools.json}\n");
        assertThat(new SuiteReader().read(folder).sampling().get("tools"))
                .isEqualTo(List.of(Map.of("type", "function", "function", Map.of("name", "f"))));
        Files.writeString(folder.resolve("suite.yaml"), yaml + "sampling: {tools: [{function: {}}]}\n");
        assertThatThrownBy(() -> new SuiteReader().read(folder)).hasMessageContaining("a function without a name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "type: code_exec | grader type 'code_exec' is not supported; suites run no code",
            "type: embedding_cosine | needs an embedding model", "type: exactly | unknown grader type 'exactly'",
            "type: exact, pattern: x | unknown key 'pattern'",
            "type: choice_letter, choices: 1 | there must be 2 to 26 choices",
            "type: chrf, threshold: 2 | the threshold 2.0 is not within (0, 1]",
            "type: length, unit: bytes | unknown unit 'bytes'",
            "type: number, preset: roman | unknown preset 'roman'; write one of gsm8k, last_integer, percent, currency, math",
            "type: number, tolerance: -1 | the tolerance is negative", "type: json_schema | 'schema' is missing",
            "type: json_schema, schema: none.json | 'none.json' is not a file in the suite's folder",
            "type: json_schema, schema: ../x.json | is not a file in the suite's folder",
            "type: json_schema, schema: {$ref: 'https://example.com'} | references must stay within the schema",
            "type: json_path | 'path' is missing", "type: json_path, path: a.b | is not a path",
            "type: tool_call_ast, functions: [{parameters: {}}] | a function without a name",
            "type: ifeval, mode: lax | unknown mode 'lax'; write one of strict, loose",
            "type: latency | 'max_ms' is missing",
            "type: latency, max_ms: 0 | the limit is not positive", "type: judge_score | 'judge' is missing",
            "type: judge_score, judge: gpt-4o | a model is written vendor/name",
            "type: judge_pairwise, judge: a/b, orders: one | a pair is judged in both orders",
            "type: judge_binary, judge: {model: a/b, calibration: cal.jsonl} | is not a file",
            "type: judge_binary, judge: {model: a/b, calibration: rubric.md} | no calibration:",
            "type: judge_panel, judges: [{model: a/b}] | an odd number of judges", "type: all | 'of' is missing",
            "type: all, of: [] | there are no parts",
            "type: not, of: [{type: exact}, {type: exact}] | 'not' has one part",
            "type: any, of: [{type: exact, weight: 2}] | a weight says nothing here",
            "type: any, of: [{type: exact, primary: true}] | unknown key 'primary'",
            "type: weighted, of: [{type: exact, weight: 0}] | the weight is not above 0",
            "type: not, of: [{type: not, of: [{type: not, of: [{type: not, of: [{type: not, of: [{type: not, of: [{type: exact}]}]}]}]}]}] | deeper than 5"})
    void refusesAndSaysWhereAndHowToMend(String grader, String message) {
        assertThatThrownBy(() -> read(grader)).isInstanceOf(SuiteException.class)
                .hasMessageContaining("suite.yaml:4")
                .hasMessageContaining(message)
                .hasMessageContaining("; ");
    }

    @Test
    void whatAGraderReadsCountsForTheVersion() throws IOException, SuiteException {
        String before = version("Be kind.");
        assertThat(version("Be kind.")).isEqualTo(before);
        assertThat(version("Be strict.")).isNotEqualTo(before);
    }

    @Test
    void judgesGiveScoresOnceTheyAreConnected() throws IOException, SuiteException {
        JudgeClient client = (judge, messages, sampling) -> new JudgeClient.Reply("{\"pass\": true}", Duration.ZERO,
                null);
        String grader = "type: first_fail, of: [{type: normalized}, {type: judge_binary, judge: openai/gpt-4o}]";
        write(grader);
        JsonNode key = JsonMapper.shared().valueToTree("blue");
        Suite unconnected = new SuiteReader().read(folder);
        Suite connected = unconnected.connected(client);
        assertThat(connected.version()).isEqualTo(unconnected.version());
        assertThat(connected.grader("g").grader().grade("Blue!", key).pass()).isTrue();
        assertThat(unconnected.graders().get(1).grader().grade("Blue!", key).score()).isNull();
        assertThat(unconnected.judges()).containsExactly(ModelId.parse("openai/gpt-4o"));
    }

    @Test
    void anUnprovenJudgeOrOneOfTheFamilyStandsInTheGate() throws IOException, SuiteException {
        write("type: judge_binary, judge: openai/gpt-4o");
        assertThat(new SuiteReader().read(folder)
                .gateProblems(ModelId.parse("local/qwen3"), ModelId.parse("openai/gpt-4o-mini")))
                .containsExactly("judge openai/gpt-4o has no calibration against human labels",
                        "judge openai/gpt-4o is of one family with openai/gpt-4o-mini");
    }

    @Test
    void aSuiteWhoseJudgesAreYetToBeCalibratedIsReadWithoutTheirProof() throws IOException, SuiteException {
        write("type: judge_binary, judge: {model: a/b, calibration: yet-to-be-made.jsonl}");
        assertThat(SuiteReader.uncalibrated().read(folder).gateProblems(ModelId.parse("c/d"), ModelId.parse("e/f")))
                .containsExactly("judge a/b has no calibration against human labels");
        assertThatThrownBy(() -> new SuiteReader().read(folder)).hasMessageContaining("yet-to-be-made.jsonl");
    }

    private String version(String rubric) throws IOException, SuiteException {
        write("type: judge_binary, judge: openai/gpt-4o, rubric: rubric.md");
        Files.writeString(folder.resolve("rubric.md"), rubric);
        return new SuiteReader().read(folder).version();
    }

    private List<SuiteGrader> read(String grader) throws IOException, SuiteException {
        write(grader);
        return new SuiteReader().read(folder).graders();
    }

    private void write(String grader) throws IOException {
        Files.writeString(folder.resolve("suite.yaml"), HEAD + "  - {id: g, " + grader + "}\n");
        Files.writeString(folder.resolve("rubric.md"), "Be kind.");
        Files.writeString(folder.resolve("small.schema.json"), "{\"type\": \"object\"}");
        Files.writeString(folder.resolve("items.jsonl"),
                "{\"id\":\"1\",\"messages\":[{\"role\":\"user\",\"content\":\"one\"}],\"expected\":\"blue\",\"graders\":[\"base\"]}\n");
    }

    private static Schema published() {
        try (InputStream in = Objects
                .requireNonNull(Suite.class.getResourceAsStream("/dev/pareto/evals/suite.schema.json"))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(JsonMapper.shared().readTree(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
