package dev.pareto.evals.suite.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small sources of our own in each format's true shape. */
final class ImportFormatTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void promptfooKeepsWhatADeclarativeSuiteCanSayAndListsTheRest() throws Exception {
        Imported imported = read(ImportFormat.PROMPTFOO, "promptfoo", ImportOptions.NONE);
        Suite suite = suite();
        assertThat(suite.items()).extracting(Item::id)
                .containsExactly("capital of France", "two plus two", "greetings in two languages",
                        "greetings in two languages-2", "an address as JSON", "largest planet", "legs of a spider",
                        "wet water",
                        "hello", "hello-2");
        assertThat(question(suite, "greetings in two languages-2"))
                .isEqualTo("Answer in German, in a few words: Greet me.");
        assertThat(grade(suite, "two plus two", "4")).isEqualTo(1);
        assertThat(grade(suite, "two plus two", "5")).isLessThan(1);
        assertThat(grade(suite, "capital of France", "It is PARIS.")).isEqualTo(1);
        assertThat(grade(suite, "capital of France", "As an AI I say Paris")).isLessThan(1);
        assertThat(grade(suite, "an address as JSON", "{\"city\": \"Lisboa\"}")).isEqualTo(1);
        assertThat(grade(suite, "hello-2", "Ciao!")).isEqualTo(1);
        assertThat(grade(suite, "wet water", "Yes, No, who knows")).isLessThan(1);
        assertThat(suite.items().getFirst().stratum()).isEqualTo("geography");
        assertDropped(imported, "tests[0].assert[2]", "javascript: output.length < 80", "executes nothing");
        assertDropped(imported, "tests[2] language[0].assert[2]", "latency", "latency.p95_ms");
        assertDropped(imported, "tests[4]", "the whole test", "no assertion is left");
        assertDropped(imported, "tests[5]", "the whole test", "no value for {{missing}}");
        assertDropped(imported, "promptfooconfig.yaml", "prompt file://prompt.js", "program");
        assertDropped(imported, "promptfooconfig.yaml", "prompt 2: Question", "--prompt 2");
        assertDropped(imported, "promptfooconfig.yaml", "providers", "named when the suite is run");
        assertDropped(imported, "promptfooconfig.yaml", "evaluateOptions", "nothing of the kind");
        assertDropped(imported, "tests.csv:3.assert[2]", "javascript", "executes nothing");
        assertThat(imported.dropped()).hasSize(12);
    }

    @Test
    void promptfooImportsAnotherPromptByNumber() throws Exception {
        read(ImportFormat.PROMPTFOO, "promptfoo", new ImportOptions("second", null, 2, null));
        assertThat(question(suite(), "two plus two")).isEqualTo("Question: What is 2 + 2?");
        assertThat(suite().id()).isEqualTo("second");
    }

    @Test
    void openAiEvalsKeepStringChecksPromptAndRecordedAnswers() throws Exception {
        Imported imported = read(ImportFormat.OPENAI, "openai", ImportOptions.NONE);
        Suite suite = suite();
        assertThat(suite.id()).isEqualTo("IT-ticket-triage");
        assertThat(suite.items()).hasSize(4);
        assertThat(suite.sampling()).containsEntry("max_tokens", 16).containsEntry("seed", 42);
        Item first = suite.items().getFirst();
        assertThat(first.messages()).extracting(message -> message.get("role")).containsExactly("system", "user");
        assertThat(first.expected()).isEqualTo(JsonMapper.shared().getNodeFactory().stringNode("Hardware"));
        assertThat(grade(suite, first.id(), "Hardware")).isEqualTo(1);
        assertThat(grade(suite, first.id(), "Sorry")).isZero();
        assertThat(imported.answers()).isEqualTo(2);
        List<JsonNode> answers = recorded();
        assertThat(answers.getFirst().path("output").asString()).isEqualTo("Hardware");
        assertThat(answers.getFirst().path("tokens").asInt()).isEqualTo(2);
        assertThat(answers.getFirst().path("messages")).isEqualTo(JsonMapper.shared().valueToTree(first.messages()));
        assertDropped(imported, "testing_criteria 'Length'", "def grade", "executes nothing");
        assertDropped(imported, "testing_criteria 'Reads JSON'", "output_json", "whole answer");
        assertDropped(imported, "testing_criteria 'Both'", "(a + b) / 2", "formula");
        assertDropped(imported, "the source", "Odd measure: meteor", "no grader");
        assertDropped(imported, "run evalrun_old", "its prompt", "newer");
        assertDropped(imported, "run evalrun_new", "reasoning_effort", "no such setting");
        assertThat(imported.dropped()).hasSize(6);
    }

    @Test
    void openAiRegistryReadsTheNamedEvalAndItsSamples() throws Exception {
        String source = "openai-registry/evals/capitals.yaml";
        assertThatThrownBy(() -> read(ImportFormat.OPENAI_REGISTRY, source, ImportOptions.NONE))
                .hasMessageContaining("there are 3 evals")
                .hasMessageContaining("--name");
        Imported imported = read(ImportFormat.OPENAI_REGISTRY, source, new ImportOptions("capitals", null, 1, null));
        Suite suite = suite();
        assertThat(suite.items()).hasSize(3);
        assertThat(grade(suite, "sample-1", "It is lisboa.")).isEqualTo(1);
        assertThat(grade(suite, "sample-2", "Quito")).isZero();
        assertThat(suite.items().get(1).messages().get(1)).containsEntry("name", "example_user");
        assertDropped(imported, "samples.jsonl:4", "item sample-4", "sample-3");
        assertDropped(imported, "samples.jsonl:5", "the whole sample", "neither a text nor a chat");
        assertDropped(imported, "capitals.dev.v0.args", "max_tokens", "nothing of the kind");
        assertDropped(imported, "capitals.yaml", "capitals-program.dev.v0", "--name capitals-program.dev.v0");
    }

    @Test
    void openAiRegistryMatchTakesAnyIdealAtTheStart() throws Exception {
        read(ImportFormat.OPENAI_REGISTRY, "openai-registry/evals/capitals.yaml",
                new ImportOptions("capitals-strict.dev.v0", null, 1, null));
        Suite suite = suite();
        assertThat(grade(suite, "sample-1", "Lisboa, of course")).isEqualTo(1);
        assertThat(grade(suite, "sample-1", "It is Lisbon")).isZero();
        assertThat(grade(suite, "sample-3", "Nairobi")).isEqualTo(1);
    }

    @Test
    void openAiRegistryRefusesAClassThatIsAProgram() {
        assertThatThrownBy(() -> read(ImportFormat.OPENAI_REGISTRY, "openai-registry/evals/capitals.yaml",
                new ImportOptions("capitals-program.dev.v0", null, 1, null)))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("Translate' is a program");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void lmEvalInheritsFiltersAndComparesNumbersAsNumbers() throws Exception {
        Imported imported = read(ImportFormat.LM_EVAL, "lm-eval/task.yaml", ImportOptions.NONE);
        Suite suite = suite();
        assertThat(suite.id()).isEqualTo("small_word_problems");
        assertThat(suite.sampling()).containsEntry("stop", List.of("Question:", "</s>", "<|im_end|>"));
        assertThat(question(suite, "doc-3")).isEqualTo("Question: Half of nine?\nAnswer:");
        assertThat(grade(suite, "doc-2", "2 * 1500 = 3000\n#### $3,000")).isEqualTo(1);
        assertThat(grade(suite, "doc-2", "#### 3001")).isZero();
        assertDropped(imported, "task.yaml", "process_docs", "--data");
        assertDropped(imported, "task.yaml", "filter 'majority'", "majority_vote");
        assertDropped(imported, "task.yaml", "filter 'flexible-extract'", "one way");
        assertDropped(imported, "task.yaml", "num_fewshot: 5", "draws them");
        assertThat(imported.dropped()).hasSize(4);
    }

    @Test
    void lmEvalReadsColumnsShotsAndGivenRows() throws Exception {
        Imported imported = read(ImportFormat.LM_EVAL, "lm-eval/colours.yaml",
                new ImportOptions(null, resource("lm-eval/colours.jsonl"), 1, null));
        Suite suite = suite();
        assertThat(question(suite, "doc-1"))
                .isEqualTo("Reply with one colour.\n\nColour of snow? white\n\nColour of coal?");
        assertThat(grade(suite, "doc-1", "BLACK.")).isEqualTo(1);
        assertThat(suite.sampling()).containsEntry("stop", List.of("\n")).containsEntry("max_tokens", 8);
        assertDropped(imported, "colours.jsonl:3", "the whole row", "no value for {{label}}");
        assertDropped(imported, "colours.yaml", "metric \"bleu\"", "only exact_match");
    }

    @Test
    void lmEvalRefusesLogLikelihoods() {
        assertThatThrownBy(() -> read(ImportFormat.LM_EVAL, "lm-eval/choice.yaml", ImportOptions.NONE))
                .hasMessageContaining("log-likelihoods");
    }

    @Test
    void inspectReadsDataSets() throws Exception {
        Imported imported = read(ImportFormat.INSPECT, "inspect/dataset.jsonl", ImportOptions.NONE);
        Suite suite = suite();
        assertThat(suite.items()).extracting(Item::id).containsExactly("gold", "flag", "7");
        assertThat(grade(suite, "flag", "Perhaps White?")).isEqualTo(1);
        assertThat(grade(suite, "7", "I think…\nANSWER: B")).isEqualTo(1);
        assertThat(grade(suite, "7", "ANSWER: C")).isZero();
        assertThat(question(suite, "7")).contains("B) Mercury");
        assertDropped(imported, "dataset.jsonl:4", "the whole sample", "sandbox");
        assertDropped(imported, "dataset.jsonl", "the scorer", "--grader");
    }

    @Test
    void inspectReadsCsv() throws Exception {
        read(ImportFormat.INSPECT, "inspect/dataset.csv", ImportOptions.NONE);
        assertThat(question(suite(), "1")).isEqualTo("Who wrote \"Hamlet\"?");
    }

    @Test
    void inspectLogsBecomeItemsAndRecordings() throws Exception {
        Imported imported = read(ImportFormat.INSPECT, "inspect/log.json", ImportOptions.NONE);
        assertThat(suite().items()).extracting(Item::id).containsExactly("gold", "iron");
        assertThat(recorded().getFirst().path("latency_ms").asDouble()).isEqualTo(731);
        assertThat(recorded().getFirst().path("model").asString()).isEqualTo("openai/gpt-4o-mini");
        assertThat(recorded().get(1).path("output").asString()).as("from the choice, without 'completion'")
                .isEqualTo("Ir");
        assertThat(recorded().get(1).has("latency_ms")).as("unknown is absent").isFalse();
        assertDropped(imported, "log.json[1]", "epoch 2", "one recorded answer");
        assertDropped(imported, "log.json", "scorer my_scorer", "no grader");
        assertDropped(imported, "log.json", "scorer match, location: end", "wherever it stands");
    }

    @Test
    void inspectReadsTheArchiveToo() throws Exception {
        JsonNode log = JsonMapper.shared().readTree(Files.readAllBytes(resource("inspect/log.json")));
        Path archive = folder.resolve("2026-10-01_elements.eval");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("header.json"));
            zip.write(log.toString().getBytes(StandardCharsets.UTF_8));
            for (JsonNode sample : log.path("samples")) {
                zip.putNextEntry(new ZipEntry("samples/" + sample.path("id").asString() + "_epoch_"
                        + sample.path("epoch").asInt() + ".json"));
                zip.write(sample.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        Imported imported = ImportFormat.INSPECT.read(archive, folder.resolve("out"), ImportOptions.NONE);
        assertThat(imported.items()).isEqualTo(2);
        assertThat(imported.answers()).isEqualTo(2);
    }

    @Test
    void openEndedSetsKeepReferencesAndAnswers() throws Exception {
        Imported alpaca = read(ImportFormat.ALPACA_EVAL, "alpaca-eval/model_outputs.json", ImportOptions.NONE);
        assertThat(alpaca.items()).isEqualTo(2);
        assertThat(alpaca.answers()).isEqualTo(2);
        assertThat(suite().items().getFirst().stratum()).isEqualTo("helpful_base");
        assertDropped(alpaca, "model_outputs.json[2]", "the whole row", "no 'instruction'");
        assertDropped(alpaca, "model_outputs.json[3]", "preference", "judge's verdict");
    }

    @Test
    void mtBenchKeepsFirstTurns() throws Exception {
        Imported imported = read(ImportFormat.MT_BENCH, "mt-bench", ImportOptions.NONE);
        assertThat(suite().items()).extracting(Item::id).containsExactly("mt-bench-501", "mt-bench-502");
        assertThat(imported.answers()).isEqualTo(2);
        assertDropped(imported, "question.jsonl:1", "turn 2: Now rhyme it.", "the model's own answer");
    }

    @Test
    void writesWhereItCameFromAndRefusesToOverwrite() throws Exception {
        read(ImportFormat.MT_BENCH, "mt-bench", ImportOptions.NONE);
        JsonNode provenance = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("out/import.json")));
        assertThat(provenance.path("source").path("question.jsonl").asString()).hasSize(64);
        assertThat(provenance.path("dropped")).isNotEmpty();
        assertThatThrownBy(() -> read(ImportFormat.MT_BENCH, "mt-bench", ImportOptions.NONE))
                .hasMessageContaining("there is something already");
    }

    @Test
    void filesOutsideTheSourceAreNotRead() throws Exception {
        Path source = Files.createDirectory(folder.resolve("evil"));
        Files.writeString(folder.resolve("secret.txt"), "key");
        Files.writeString(source.resolve("promptfooconfig.yaml"), """
                                                                  prompts: ['{{q}}']
                                                                  tests:
                                                                    - vars: {q: file://../secret.txt}
                                                                      assert: [{type: equals, value: a}]
                                                                    - vars: {q: b}
                                                                      assert: [{type: equals, value: b}]
                                                                  """);
        Imported imported = ImportFormat.PROMPTFOO.read(source, folder.resolve("out"), ImportOptions.NONE);
        assertDropped(imported, "tests[0]", "the whole test", "outside the source's folder");
        assertThat(suite().items()).hasSize(1);
    }

    @Test
    void aliasesThatUnfoldWithoutEndAreRefused() throws Exception {
        StringBuilder bomb = new StringBuilder("prompts: [x]\na0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("1]\n");
        }
        Path file = Files.writeString(folder.resolve("promptfooconfig.yaml"), bomb);
        assertThatThrownBy(() -> ImportFormat.PROMPTFOO.read(file, folder.resolve("out"), ImportOptions.NONE))
                .isInstanceOf(SuiteException.class);
    }

    private Imported read(ImportFormat format, String source, ImportOptions options)
            throws IOException, SuiteException {
        return format.read(resource(source), folder.resolve("out"), options);
    }

    private Suite suite() throws IOException, SuiteException {
        return new SuiteReader().read(folder.resolve("out"));
    }

    private List<JsonNode> recorded() throws IOException {
        return Files.readAllLines(folder.resolve("out/recorded.jsonl"))
                .stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private static Item item(Suite suite, String id) {
        return suite.items().stream().filter(item -> item.id().equals(id)).findFirst().orElseThrow();
    }

    private static String question(Suite suite, String id) {
        return String.valueOf(item(suite, id).messages().getLast().get("content"));
    }

    /** Mean over the item's graders, as a run scores it. */
    private static double grade(Suite suite, String id, String answer) {
        Item item = item(suite, id);
        return suite.scoring(item)
                .stream()
                .mapToDouble(grader -> Objects.requireNonNull(grader.grader().grade(answer, item.expected()).score()))
                .average()
                .orElseThrow();
    }

    private static void assertDropped(Imported imported, String where, String what, String why) {
        assertThat(imported.dropped()).as("%s %s", where, what)
                .anySatisfy(dropped -> {
                    assertThat(dropped.where()).contains(where);
                    assertThat(dropped.what()).contains(what);
                    assertThat(dropped.why()).contains(why);
                });
    }

    private static Path resource(String name) {
        URL url = Objects.requireNonNull(ImportFormatTest.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
