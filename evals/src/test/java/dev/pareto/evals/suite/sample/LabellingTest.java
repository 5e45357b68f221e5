package dev.pareto.evals.suite.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.pareto.evals.suite.DecisionPlan;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;

import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class LabellingTest {

    private static final ObjectNode NUMBER = JsonMapper.shared().createObjectNode().put("type", "number");

    @TempDir
    private Path folder = Path.of("");
    private Suite draft = new Suite("none", "0", null, null, Map.of(), List.of(),
            DecisionPlan.DEFAULT, List.of());
    private Map<String, String> idOf = Map.of();

    @BeforeEach
    void cut() throws Exception {
        draft = new SuiteCut(new CutPlan("support", 10, "none", 0, "seed"), Instant.parse("2026-11-22T10:00:00Z"))
                .write(SampleStoreTest.samples("1+1?", "2+2?", "3+3?", "4+4?", "5+5?"), "draft",
                        folder.resolve("draft"))
                .suite();
        idOf = draft.items()
                .stream()
                .collect(Collectors.toMap(item -> String.valueOf(item.messages().getLast().get("content")),
                        item -> item.id()));
    }

    @Test
    void peopleAreAskedOnlyWhereTheModelsDisagree() throws Exception {
        Labelling labelling = labelling(answers("one", "2", "It is 4.", "6", "7", "10"),
                answers("two", "I say 2", "4", "33", "8", "eleven"));
        assertThat(labelling.agreed()).as("2 and 'I say 2', 'It is 4.' and 4").isEqualTo(2);
        assertThat(labelling.disagreements()).isEqualTo(3);
        Path questions = folder.resolve("ana.jsonl");
        assertThat(labelling.write(questions, "ana", 1)).isEqualTo(3);
        String text = Files.readString(questions);
        assertThat(text).as("blind").doesNotContain("one", "two");

        Labels labels = new Labels(labelling, NUMBER);
        labels.read(questions);
        assertThat(labels.missing()).isEqualTo(3);
        assertThatThrownBy(() -> labels.write("live", folder.resolve("live")))
                .hasMessageContaining("3 of 3 disagreements");

        Labels filled = new Labels(labelling, NUMBER);
        filled.read(fill(questions, Map.of("3+3?", "6", "4+4?", "8", "5+5?", "neither")));
        Labels.Labelled labelled = filled.write("live", folder.resolve("live"));
        assertThat(labelled.agreed()).isEqualTo(2);
        assertThat(labelled.chosen()).isEqualTo(2);
        assertThat(labelled.leftOut()).isEqualTo(Map.of("neither answer is right, and none was given", 1));
        Suite suite = new SuiteReader().read(folder.resolve("live"));
        assertThat(suite.version()).isEqualTo(labelled.suite().version());
        assertThat(suite.items()).hasSize(4);
        assertThat(keys(suite)).isEqualTo(Map.of("1+1?", "2", "2+2?", "4", "3+3?", "6", "4+4?", "8"));
        assertThat(suite.scoring(suite.items().getFirst())).hasSize(1);
    }

    @Test
    void twoRatersAreHeldAgainstEachOther() throws Exception {
        Labelling labelling = labelling(answers("one", "2", "4", "6", "7", "10"),
                answers("two", "3", "5", "7", "8", "11"));
        Path ana = folder.resolve("ana.jsonl");
        Path ben = folder.resolve("ben.jsonl");
        labelling.write(ana, "ana", 1);
        assertThat(labelling.write(ben, "ben", 0.4)).as("a part for the second rater").isEqualTo(2);
        Files.delete(ben);
        labelling.write(ben, "ben", 1);
        Labels labels = new Labels(labelling, NUMBER);
        labels.read(fill(ana, Map.of("1+1?", "2", "2+2?", "4", "3+3?", "6", "4+4?", "8", "5+5?", "10")));
        labels.read(fill(ben, Map.of("1+1?", "2", "2+2?", "5", "3+3?", "6", "4+4?", "8", "5+5?", "skip")));
        Labels.Labelled labelled = labels.write("live", folder.resolve("live"));
        assertThat(labelled.overlap()).isEqualTo(5);
        assertThat(labelled.overlapAgreed()).isEqualTo(3);
        assertThat(labelled.leftOut()).isEqualTo(Map.of("the raters disagree", 2));
        // First: ana 4 first 1 second; ben 2 first, 2 second, 1 skip: chance (4*2 + 1*2)/25, observed 3/5.
        assertThat(Objects.requireNonNull(labelled.kappa())).isCloseTo((0.6 - 0.4) / 0.6, Offset.offset(1e-12));
    }

    @Test
    void aGivenAnswerIsAKeyAndUnknownWordsAreRefused() throws Exception {
        Labelling labelling = labelling(answers("one", "1", "4", "6", "8", "10"),
                answers("two", "3", "4", "6", "8", "10"));
        Path questions = folder.resolve("ana.jsonl");
        labelling.write(questions, "ana", 1);
        String line = Files.readString(questions);
        Files.writeString(questions,
                line.replace("\"choice\":null,\"answer\":null", "\"choice\":\"neither\",\"answer\":\"2\""));
        Labels labels = new Labels(labelling, NUMBER);
        labels.read(questions);
        assertThat(keys(labels.write("live", folder.resolve("live")).suite())).containsEntry("1+1?", "2");
        Files.writeString(questions, line.replace("\"choice\":null", "\"choice\":\"A!\""));
        assertThatThrownBy(() -> new Labels(labelling, NUMBER).read(questions)).isInstanceOf(SuiteException.class)
                .hasMessageContaining("ana.jsonl:1: 'A!' is no choice; write a, b");
    }

    private Labelling labelling(Path first, Path second) throws IOException, SuiteException {
        return Labelling.of(draft, SuiteReader.grader(folder, NUMBER.deepCopy().put("id", "key")), first, second,
                "seed");
    }

    /** A run's file: its header, then an answer a line. */
    private Path answers(String model, String... texts) throws IOException {
        StringBuilder lines = new StringBuilder("{\"suite\":\"draft\",\"model\":\"v/" + model + "\"}\n");
        for (int i = 0; i < texts.length; i++) {
            String id = idOf.get((i + 1) + "+" + (i + 1) + "?");
            lines.append(JsonMapper.shared().createObjectNode().put("item", id).put("text", texts[i])).append('\n');
        }
        return Files.writeString(folder.resolve(model + ".jsonl"), lines);
    }

    /** What a person does: finds the side that says the right thing, or writes the word. */
    private Path fill(Path questions, Map<String, String> wanted) throws IOException {
        StringBuilder filled = new StringBuilder();
        for (String line : Files.readAllLines(questions)) {
            ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(line);
            String want = wanted.get(json.at("/messages/0/content").asString());
            json.put("choice",
                    json.path("a").asString().equals(want) ? "a" : json.path("b").asString().equals(want) ? "b" : want);
            filled.append(json).append('\n');
        }
        return Files.writeString(questions, filled);
    }

    private static Map<String, String> keys(Suite suite) {
        return suite.items()
                .stream()
                .collect(Collectors.toMap(item -> String.valueOf(item.messages().getLast().get("content")),
                        item -> requireKey(item.expected())));
    }

    private static String requireKey(@Nullable JsonNode key) {
        return Objects.requireNonNull(key).asString();
    }
}
