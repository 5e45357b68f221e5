package dev.pareto.evals.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import dev.pareto.evals.grade.text.LabelMatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SuiteReaderTest {

    private static final String YAML = """
                                       # A comment.
                                       suite: small
                                       route: support
                                       items: items.jsonl
                                       sampling: {temperature: 0, max_tokens: 16}
                                       graders:
                                         - {id: label, type: label_match, primary: true}
                                         - {id: fields, type: json_fields, fields: [a, b]}
                                       decision:
                                         margin: 0.03
                                         grouping: {kind: stratum, weights: items}
                                         guards:
                                           - {metric: format.fail, ceiling: 0.01, ni_margin: 0.005}
                                           - {metric: latency.p95_ms, max: 4000}
                                         slices: {flag: bh 0.10, critical: [x]}
                                       """;
    private static final String ITEMS = """
                                        {"id":"1","messages":[{"role":"user","content":"one"}],"expected":"red","stratum":"x","graders":["label"]}
                                        {"id":"2","messages":[{"role":"user","content":"two"}],"expected":"blue","stratum":"x","graders":["label"]}
                                        {"id":"3","messages":[{"role":"user","content":"three"}],"expected":{"a":1},"stratum":"y","graders":["fields"]}
                                        """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsTheWholeFormat() throws Exception {
        Suite suite = read(YAML, ITEMS);
        assertThat(suite.id()).isEqualTo("small");
        assertThat(suite.route()).isEqualTo("support");
        assertThat(suite.sampling()).isEqualTo(Map.of("temperature", 0.0, "max_tokens", 16));
        assertThat(suite.items()).extracting(Item::id).containsExactly("1", "2", "3");
        assertThat(suite.decision().margin()).isEqualTo(0.03);
        assertThat(suite.decision().grouping()).isEqualTo(new Grouping.Strata(Map.of()));
        assertThat(suite.decision().guards()).hasSize(2);
        assertThat(suite.decision().falseDiscoveryRate()).isEqualTo(0.1);
        assertThat(suite.decision().nMin()).isEqualTo(200);
        assertThat(suite.grader("label").grader()).as("labels are learnt from the keys")
                .isEqualTo(new LabelMatch(java.util.Set.of("red", "blue"), null));
    }

    @Test
    void versionNamesTheContentAndNotItsSpelling() throws Exception {
        String version = read(YAML, ITEMS).version();
        assertThat(version).hasSize(64);
        assertThat(read(YAML.replace("# A comment.", "# Another."), ITEMS).version()).isEqualTo(version);
        assertThat(read(YAML.replace("0.03", "0.030"), ITEMS).version()).isEqualTo(version);
        assertThat(read(YAML.replace("0.03", "0.02"), ITEMS).version()).isNotEqualTo(version);
        assertThat(read(YAML, ITEMS.replace("three", "four")).version()).isNotEqualTo(version);
    }

    @Test
    void systemPromptIsTheFirstMessageAndPartOfTheVersion() throws Exception {
        String yaml = YAML + "prompt: {system: sys.txt}\n";
        Files.writeString(folder.resolve("sys.txt"), "Be brief.");
        Suite suite = read(yaml, ITEMS);
        assertThat(suite.items().getFirst().messages().getFirst()).isEqualTo(
                Map.of("role", "system", "content", "Be brief."));
        Files.writeString(folder.resolve("sys.txt"), "Be long.");
        assertThat(read(yaml, ITEMS).version()).isNotEqualTo(suite.version());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "route: support | routes: support | :3: unknown key 'routes'",
            "margin: 0.03 | margin: 3 | :10: margin 3.0 is not within (0, 1)",
            "margin: 0.03 | margin: {break_even: {fail_cost: 0}} | :10: the cost of a wrong answer is not a positive number",
            "margin: 0.03 | margin: | :10: 'margin' has no value",
            "type: label_match | type: code_exec | :7: grader type 'code_exec' is not supported",
            "type: label_match | type: magic | :7: unknown grader type 'magic'",
            "id: fields | id: label | :8: two graders are called 'label'",
            "weights: items | weights: live | :11: weights 'live' are not supported yet",
            "kind: stratum, weights: items | kind: cluster | not every item has a cluster",
            "kind: stratum | kind: cluster | :11: weights are of strata",
            "metric: format.fail | metric: happiness | :13: unknown metric 'happiness'",
            "max: 4000 | ceiling: 4000 | :14: unknown key 'ceiling'",
            "critical: [x] | critical: [z] | :15: no item has the stratum 'z'",
            "flag: bh 0.10 | flag: often | :15: 'often' is not a rule",
            "temperature: 0 | samples: 4 | :5: more than one sample per item is not supported yet",
            "temperature: 0 | temperature: hot | :5: 'temperature' must be a number",
            "items: items.jsonl | items: ../secret.jsonl | :4: '../secret.jsonl' is not a file in the suite's folder",
            "route: support | rollout: {stages: [0.5, 0.1]} | :3: the stages do not grow",
            "route: support | rollback: {cooldown: [soon]} | :3: 'soon' is not a time",
            "route: support | prompt: {template: t} | :3: 't' is not a file in the suite's folder",
            "route: support | route: 3 | :3: 'route' must be a text",
            "route: support | suite: twice | :3: 'suite' is written twice",
            "route: support | route: *a | :3: anchors and aliases are not supported",
            "suite: small | suite: ../up | :2: '../up' is not a name",
            "margin: 0.03 | margin: 0.03: 4 | not YAML"})
    void refusesAndSaysWhereAndHowToMend(String old, String wrong, String message) {
        assertThatThrownBy(() -> read(YAML.replace(old, wrong), ITEMS)).isInstanceOf(SuiteException.class)
                .hasMessageContaining("suite.yaml")
                .hasMessageContaining(message)
                .hasMessageContaining("; ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{\"id\":\"2\" | {\"id\":\"1\" | items.jsonl:2: line 1 has the id '1' already",
            "\"two\" | \"one\" | items.jsonl:2: line 1 has the same messages already",
            "{\"id\":\"2\" | {\"weight\":2,\"id\":\"2\" | items.jsonl:2: 'weight' is not supported yet",
            "{\"id\":\"2\" | {\"idd\":\"2\" | items.jsonl:2: unknown key 'idd'",
            "{\"id\":\"2\" | \"id\":\"2\" | items.jsonl:2: not JSON",
            "{\"a\":1} | \"red\" | items.jsonl:3: grader 'fields' needs an object in 'expected'",
            "[\"fields\"] | [\"other\"] | items.jsonl:3: no grader measures this item's quality",
            "\"expected\":\"blue\" | \"expected\":null | items.jsonl:2: grader 'label' needs a label in 'expected'",
            "\"role\":\"user\",\"content\":\"two\" | \"content\":\"two\" | items.jsonl:2: a message without 'role'",
            "\"content\":\"two\" | \"content\":0 | items.jsonl:2: a message whose 'content' is neither a text nor a list of parts",
            "\"content\":\"two\" | \"content\":null | items.jsonl:2: a message whose 'content' is neither",
            "\"role\":\"user\",\"content\":\"two\" | \"role\":\"usr\",\"content\":\"two\" | items.jsonl:2: there is no role 'usr'; did you mean 'user'? a message is of one of [system, developer, user, assistant, tool]"})
    void refusesItemsThatWouldWasteARun(String old, String wrong, String message) {
        assertThatThrownBy(() -> read(YAML, ITEMS.replace(old, wrong))).isInstanceOf(SuiteException.class)
                .hasMessageContaining(message);
    }

    @Test
    void tellsTheMistakesOfSeveralLinesAtOnce() {
        String items = ITEMS.replace("\"two\"", "0").replace("\"fields\"", "\"other\"");

        assertThatThrownBy(() -> read(YAML, items)).isInstanceOf(SuiteException.class)
                .hasMessageStartingWith("2 mistakes:\n")
                .hasMessageContaining("items.jsonl:2: a message whose 'content'")
                .hasMessageContaining("items.jsonl:3: no grader measures");
    }

    @Test
    void givesUpAfterSoManyMistakes() {
        String items = "{}\n".repeat(3 * ItemReader.MAX_MISTAKES);

        assertThatThrownBy(() -> read(YAML, items)).isInstanceOf(SuiteException.class)
                .hasMessageStartingWith(ItemReader.MAX_MISTAKES + " mistakes, and perhaps more:\n")
                .message()
                .hasLineCount(ItemReader.MAX_MISTAKES + 1);
    }

    @Test
    void boundsTheLength() {
        assertThatThrownBy(() -> read(YAML, ITEMS.replace("one", "x".repeat(ItemReader.MAX_LINE_BYTES))))
                .hasMessageContaining("items.jsonl:1: longer than 1048576 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "---\n", "[1, 2]", "suite: a\n---\nsuite: b\n"})
    void refusesWhatIsNoSuite(String yaml) {
        assertThatThrownBy(() -> read(yaml, ITEMS)).isInstanceOf(SuiteException.class);
    }

    @Test
    void publishedSchemaKnowsTheKeysThatTheReaderKnows() throws IOException {
        try (InputStream in = Objects
                .requireNonNull(Suite.class.getResourceAsStream("/dev/pareto/evals/suite.schema.json"))) {
            JsonNode schema = JsonMapper.shared().readTree(in.readAllBytes());
            for (String key : schema.get("properties").propertyNames()) {
                assertThatThrownBy(() -> read(key + ": {a: {b: 1}}\n", ITEMS)).isInstanceOf(SuiteException.class)
                        .message()
                        .doesNotContain("unknown key '" + key + "'");
            }
            for (JsonNode type : schema.at("/$defs/rule/properties/type/enum")) {
                String grader = "{id: g, type: " + type.asString() + ", pattern: x}";
                assertThatThrownBy(() -> read("suite: s\ngraders: [" + grader + "]\nbad: 1\n", ITEMS))
                        .message()
                        .contains("'bad'");
            }
        }
    }

    private Suite read(String yaml, String items) throws IOException, SuiteException {
        Files.writeString(folder.resolve("suite.yaml"), yaml);
        Files.writeString(folder.resolve("items.jsonl"), items);
        return new SuiteReader().read(folder);
    }
}
