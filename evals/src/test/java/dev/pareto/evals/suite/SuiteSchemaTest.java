package dev.pareto.evals.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The published schemas against the reader, by another's validator. */
final class SuiteSchemaTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Schema SUITE = schema("suite.schema.json");
    private static final Schema ITEM = schema("suite-item.schema.json");

    /** All that the format has. */
    private static final String WHOLE = """
                                        {"suite": "support-triage", "description": "d", "license": "MIT", "source": "s", "route": "/support/triage",
                                         "items": "items.jsonl", "prompt": {"template": "triage.mustache", "system": "sys.txt"},
                                         "sampling": {"temperature": 0, "max_tokens": 512, "top_p": 0.9, "seed": 1, "stop": ["x"], "samples": 1},
                                         "graders": [{"id": "label", "type": "label_match", "path": "$.intent", "labels": ["refund", "other"], "primary": true},
                                                     {"id": "valid", "type": "json_valid", "tolerant": true, "role": "guard"}],
                                         "decision": {"margin": {"break_even": {"fail_cost": 0.50}}, "alpha": 0.05,
                                           "grouping": {"kind": "stratum", "key": "intent", "weights": {"refund": 0.25, "other": 0.75}},
                                           "n_min": 2, "n_max": 3000,
                                           "guards": [{"metric": "grader.valid.fail", "ni_margin": 0.005, "ceiling": 0.01},
                                                      {"metric": "latency.p95_ms", "max": 4000}, {"metric": "cost_per_success", "max_ratio": 0.8}],
                                           "slices": {"flag": "bh 0.10", "critical": ["refund"]}},
                                         "rollout": {"shadow": {"sample": 0.1, "usd_per_day": 20}, "stages": [0.01, 0.05, 0.25, 0.95], "holdback": 0.05},
                                         "rollback": {"arl": 1000000, "exit_margin": 0.03, "cooldown": ["1d", "7d", "30d"]}}
                                        """;
    private static final List<String> ITEMS = List.of(
            """
            {"id": "1", "vars": {"text": "Money back!", "intent": "refund"}, "expected": "refund", "tags": ["en"], "critical": true,
             "cluster": "c1", "graders": ["label", "valid"], "source": {"trace": "t", "route": "r", "ts": "2026-11-22", "pii": "EMAIL 1"}}
            """,
            """
            {"id": 2, "messages": [{"role": "user", "content": "Hello?"}], "expected": "other", "stratum": "other", "source": "made up"}
            """);
    /** What only the whole suite can tell: names that refer to each other, and orders of numbers. */
    private static final Pattern BEYOND_A_SCHEMA = Pattern
            .compile("no grader measures|a guard cannot be primary|two graders are"
                    + "|n_min <= n_max|is not a file in the suite's folder|no item has the stratum|not every item has"
                    + "|is no stratum of the items|no share for|unknown metric 'grader|stages do not grow|grader '[^']*' | has (the id '[^']*'|the same messages) already"
                    + "|there is no value for \\{\\{|has no prompt.template|is no text, and items are grouped|known here are id, |"
                    + "not a regular expression|'values' in the grader|the suite has no prompt");

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writePrompts() throws IOException {
        Files.writeString(folder.resolve("triage.mustache"), "Sort this: {{text}}");
        Files.writeString(folder.resolve("sys.txt"), "Be brief.");
    }

    @Test
    void readsTheWholeFormat() throws Exception {
        Suite suite = read(WHOLE, lines(ITEMS));
        Item first = suite.items().getFirst();
        assertThat(first.messages()).extracting(message -> message.get("content"))
                .containsExactly("Be brief.", "Sort this: Money back!");
        assertThat(first.stratum()).isEqualTo("refund");
        assertThat(first.critical()).isTrue();
        assertThat(suite.items().get(1).id()).isEqualTo("2");
        assertThat(suite.decision().margin()).isNull();
        assertThat(suite.decision().failCostUsd()).isEqualByComparingTo("0.5");
        assertThat(suite.rollout().stages()).containsExactly(0.01, 0.05, 0.25, 0.95);
        assertThat(suite.rollout().cooldown()).extracting(Duration::toDays).containsExactly(1L, 7L, 30L);
        assertThat(suite.rollout().falseAlarmRunLength()).isEqualTo(1_000_000);
    }

    @Test
    void theTemplateIsPartOfTheVersion() throws Exception {
        String version = read(WHOLE, lines(ITEMS)).version();
        Files.writeString(folder.resolve("triage.mustache"), "Sort that: {{text}}");
        assertThat(read(WHOLE, lines(ITEMS)).version()).isNotEqualTo(version);
    }

    @Test
    void theWholeFormatValidates() {
        assertThat(SUITE.validate(JSON.readTree(WHOLE))).isEmpty();
        ITEMS.forEach(item -> assertThat(ITEM.validate(JSON.readTree(item))).isEmpty());
    }

    static Stream<Path> shipped() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = Objects.requireNonNull(root.getParent(), "the repository has a folder .mvn");
        }
        try (Stream<Path> suites = Files.list(root.resolve("evals/suites"))) {
            return suites.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everySuiteThatShipsValidates(Path suite) throws Exception {
        assertThat(SUITE.validate(YAMLMapper.shared().readTree(Files.readAllBytes(suite.resolve("suite.yaml")))))
                .isEmpty();
        for (String line : Files.readAllLines(suite.resolve("items.jsonl"))) {
            assertThat(ITEM.validate(JSON.readTree(line))).as(line).isEmpty();
        }
        assertThat(new SuiteReader().read(suite).items()).isNotEmpty();
    }

    /** 4,000 suites, each with one or two things wrong or merely changed: both say the same of it. */
    @Test
    void readerAndSchemaAgreeOnChangedSuites() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 4_000; i++) {
            ObjectNode suite = (ObjectNode) JSON.readTree(WHOLE);
            for (int times = random.nextInt(1, 3); times > 0; times--) {
                change(suite, random);
            }
            boolean valid = SUITE.validate(suite).isEmpty();
            String error = error(suite.toString(), lines(ITEMS));
            if (error == null) {
                assertThat(valid).as("the reader takes what the schema refuses: %s %s", suite, SUITE.validate(suite))
                        .isTrue();
                accepted++;
            } else if (valid) {
                assertThat(error).as("the schema lets through %s", suite)
                        .matches(BEYOND_A_SCHEMA.asPredicate(), "a rule beyond");
            } else {
                refused++;
            }
        }
        assertThat(accepted).isGreaterThan(100);
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void readerAndSchemaAgreeOnChangedItems() throws Exception {
        SplittableRandom random = new SplittableRandom(8);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            List<String> items = new ArrayList<>(ITEMS);
            int at = random.nextInt(items.size());
            ObjectNode item = (ObjectNode) JSON.readTree(items.get(at));
            change(item, random);
            items.set(at, item.toString());
            boolean valid = ITEM.validate(item).isEmpty();
            String error = error(WHOLE, lines(items));
            if (error == null) {
                assertThat(valid).as("the reader takes what the schema refuses: %s %s", item, ITEM.validate(item))
                        .isTrue();
                accepted++;
            } else if (valid) {
                assertThat(error).as("the schema lets through %s", item)
                        .matches(BEYOND_A_SCHEMA.asPredicate(), "a rule beyond");
            } else {
                refused++;
            }
        }
        assertThat(accepted).isGreaterThan(100);
        assertThat(refused).isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{#each}}x{{/each}}", "{{> partial}}", "{{a b}}"})
    void templatesThatAreProgramsAreRefused(String template) throws Exception {
        Files.writeString(folder.resolve("triage.mustache"), template);
        assertThatThrownBy(() -> read(WHOLE, lines(ITEMS))).isInstanceOf(SuiteException.class)
                .hasMessageContaining("more than the name of a variable")
                .hasMessageContaining("suite.yaml:");
    }

    @Test
    void aMissingVariableNamesItsItem() {
        assertThatThrownBy(
                () -> read(WHOLE, lines(List.of(ITEMS.getFirst().replace("\"text\"", "\"txt\""), ITEMS.get(1)))))
                .hasMessageContaining("items.jsonl:1: there is no value for {{text}}; add the variable");
    }

    /** Each documented key misspelt by one letter, wherever it stands: refused by name, with the key that was meant. */
    @Test
    void everyMisspeltKeyIsRefusedWithTheOneThatWasMeant() throws Exception {
        JsonNode whole = JSON.readTree(WHOLE);
        int tried = 0;
        for (String pointer : keys(whole, "")) {
            int cut = pointer.lastIndexOf('/');
            String key = pointer.substring(cut + 1);
            if (key.length() < 2 || pointer.contains("/weights/")) {
                continue;
            }
            for (String typo : List.of(key + "s", key.substring(1), key.substring(0, key.length() - 1) + "_")) {
                ObjectNode suite = (ObjectNode) whole.deepCopy();
                ObjectNode parent = (ObjectNode) suite.at(pointer.substring(0, cut));
                if (parent.has(typo)) {
                    continue;
                }
                parent.set(typo, parent.get(key));
                parent.remove(key);
                String error = String.valueOf(error(suite.toString(), lines(ITEMS)));
                assertThat(error).as(pointer + " as " + typo)
                        .satisfiesAnyOf(
                                text -> assertThat(text).contains("unknown key '" + typo + "'",
                                        "did you mean '" + key + "'?"),
                                // what is missing now, or of a kind that needs the key, may be told first
                                text -> assertThat(text).contains("'" + key + "' is missing"));
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(100);
        for (String key : List.of("messages", "expected", "stratum", "critical", "graders")) {
            String typo = key.substring(0, key.length() - 1);
            String item = "{\"id\": \"1\", \"" + typo + "\": []}";
            assertThat(error(WHOLE, item + "\n")).contains("unknown key '" + typo + "'", "did you mean '" + key + "'?");
        }
    }

    private static List<String> keys(JsonNode tree, String at) {
        List<String> keys = new ArrayList<>();
        if (tree.isObject()) {
            tree.properties().forEach(entry -> {
                keys.add(at + "/" + entry.getKey());
                keys.addAll(keys(entry.getValue(), at + "/" + entry.getKey()));
            });
        }
        for (int i = 0; tree.isArray() && i < tree.size(); i++) {
            keys.addAll(keys(tree.get(i), at + "/" + i));
        }
        return keys;
    }

    /** Replaces, removes or adds one value anywhere in the tree. */
    private static void change(ObjectNode root, SplittableRandom random) {
        JsonNode at = root;
        JsonNode child = root;
        String key = "";
        int index = 0;
        do {
            at = child;
            if (at instanceof ObjectNode object) {
                List<String> names = List.copyOf(object.propertyNames());
                key = names.get(random.nextInt(names.size()));
                child = object.get(key);
            } else {
                index = random.nextInt(at.size());
                child = at.get(index);
            }
        } while (child.isContainer() && !child.isEmpty() && random.nextInt(3) > 0);
        List<String> values = List.of("null", "\"\"", "\"x\"", "\"none\"", "\"items\"", "-1", "0", "0.5", "1", "2.0",
                "7", "true",
                "[]", "{}", "[\"x\"]", "[1]", "{\"x\": 1}", "\"bh 0.0\"", "\"0d\"", "\"3h\"", "1e9");
        JsonNode value = JSON.readTree(values.get(random.nextInt(values.size())));
        switch (at) {
            case ObjectNode object -> {
                switch (random.nextInt(4)) {
                    case 0 -> object.remove(key);
                    case 1 -> object.set("unheard_of", value);
                    default -> object.set(key, value);
                }
            }
            case ArrayNode array -> array.set(index, value);
            default -> throw new IllegalStateException("a container");
        }
    }

    private static String lines(List<String> items) {
        StringBuilder lines = new StringBuilder();
        items.forEach(item -> lines.append(item.replace("\n", " ")).append('\n'));
        return lines.toString();
    }

    private @Nullable String error(String yaml, String items) throws IOException {
        try {
            read(yaml, items);
            return null;
        } catch (SuiteException e) {
            return e.getMessage();
        }
    }

    private Suite read(String yaml, String items) throws IOException, SuiteException {
        Files.writeString(folder.resolve("suite.yaml"), yaml);
        Files.writeString(folder.resolve("items.jsonl"), items);
        return new SuiteReader().read(folder);
    }

    private static Schema schema(String name) {
        try (InputStream in = Objects.requireNonNull(Suite.class.getResourceAsStream("/dev/pareto/evals/" + name),
                name)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(JSON.readTree(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
