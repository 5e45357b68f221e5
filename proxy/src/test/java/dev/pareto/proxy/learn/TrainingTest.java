package dev.pareto.proxy.learn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.pareto.dashboards.store.LabelRepository;
import dev.pareto.dashboards.store.LabelRepository.Remembered;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.FloorAnswer;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import dev.pareto.policies.predict.accuracy.PredictorJson;
import dev.pareto.policies.predict.live.AccuracyBoard;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.policies.predict.live.RoutePredictor;
import dev.pareto.policies.predict.live.RouteTeacher;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class TrainingTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId CLOSED = new ModelId("openai", "gpt-4o");
    private static final ModelId OPEN = new ModelId("cluster", "tiny");

    @TempDir
    private Path folder;

    private SqliteStore store;
    private LabelRepository labels;
    private ParetoConfig config;
    private Instant now = NOON;
    private int next;

    @BeforeEach
    void open() throws IOException, ConfigException {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        labels = new LabelRepository(store);
        config = new ConfigReader().read(Files.writeString(folder.resolve("pareto.yaml"),
                """
                vendors:
                  openai: {dialect: openai, url: 'http://127.0.0.1:9'}
                  cluster: {dialect: openai, url: 'http://127.0.0.1:9', open: true, models: [tiny]}
                routes:
                  r: {candidates: [openai/gpt-4o, cluster/tiny], policy: p}
                policies:
                  p:
                    minimise: cost
                    subject-to: {accuracy: {within: 20 pp, of: openai/gpt-4o, confidence: 90 %, per: prompt}}
                """), Map.of());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Training training(AccuracyBoard board) {
        return new Training(labels, board, new PredictorFiles(folder), () -> config, new RouteTeacher(1),
                new Training.Pace(50, Duration.ofHours(6), Duration.ofMinutes(5)), () -> now);
    }

    private void label(int count) {
        for (int i = 0; i < count; i++) {
            String item = "r" + next++;
            boolean hard = next % 3 == 0;
            labels.remember(List.of(new Remembered("r", item, now, EncodedPrompt.of(
                    (hard ? "integrate the function " : "greet our customer ") + next, null))));
            for (ModelId model : List.of(CLOSED, OPEN)) {
                labels.label(List.of(new Label("r", item, model, model.equals(OPEN) && hard ? 0 : 1,
                        LabelSource.SHADOW, 1, now)));
            }
            now = now.plusMillis(10);
        }
    }

    @Test
    void aRouteLearnsWhenEnoughLabelsHaveComeAndNotTooOften() {
        AccuracyBoard board = new AccuracyBoard(Runnable::run);
        Training training = training(board);
        label(20);
        training.look();
        RoutePredictor first = board.find("r");
        assertThat(first).as("40 labels that nobody learned from for long").isNull();
        assertThat(training.last("r")).isNotNull().extracting(Training.Lesson::outcome).isEqualTo("nothing-learnt");

        label(60);
        training.look();
        assertThat(board.find("r")).as("the last lesson was a moment ago").isNull();
        now = now.plus(Duration.ofMinutes(5));
        training.look();
        RoutePredictor second = board.find("r");
        assertThat(second).isNotNull();

        now = now.plus(Duration.ofMinutes(5));
        label(10);
        training.look();
        assertThat(board.find("r")).as("20 labels are too few").isSameAs(second);
        now = now.plus(Duration.ofHours(6));
        training.look();
        assertThat(board.find("r")).as("but not for ever").isNotSameAs(second);
    }

    @Test
    void theFloorsOfPoliciesAreReadyWhenAVersionComesIntoForce() {
        AccuracyBoard board = new AccuracyBoard(task -> {
            throw new AssertionError("nothing is left to compute");
        });
        label(200);
        training(board).look();

        AccuracyForecasts greeting = requireNonNull(
                board.forecast("r", new PromptText("greet our customer 5", null)));
        assertThat(greeting.floor(OPEN, CLOSED, 0.2, 0.9)).isInstanceOf(FloorAnswer.Kept.class);
    }

    @Test
    void whatAnotherProcessPutsInForceIsTaken() throws IOException {
        AccuracyBoard board = new AccuracyBoard(Runnable::run);
        Training training = training(board);
        label(100);
        assertThat(training.teach("r").outcome()).isEqualTo("taken");
        RoutePredictor mine = board.find("r");
        now = now.plusSeconds(1);
        RoutePredictor theirs = ((RouteTeacher.Taken) new RouteTeacher(2).teach("r", labels.labelled("r", 1000),
                List.of(), null, now)).predictor();
        new PredictorFiles(folder).put(theirs);

        training.look();
        assertThat(board.find("r")).isNotNull()
                .isNotSameAs(mine)
                .extracting(RoutePredictor::version)
                .isEqualTo(theirs.version());
    }

    /** As an older release left its data folder: the content is whole, its format is no longer read. */
    private void ageOf(String route, int format) throws IOException {
        PredictorFiles files = new PredictorFiles(folder);
        ObjectNode root = (ObjectNode) JsonMapper.shared()
                .readTree(Files.readString(files.file(route, requireNonNull(files.version(route)))));
        root.remove("version");
        ((ObjectNode) root.path("success")).put("format", format);
        String version = PredictorJson.version(root.toString());
        root.put("version", version);
        Files.writeString(files.file(route, version), root.toString());
        Files.writeString(files.file(route, version).resolveSibling("current"), version);
    }

    @Test
    void aPredictorOfAnOlderFormatIsPutAsideTheOthersAreTakenAndTheRouteIsTaughtAnew() throws IOException {
        label(100);
        PredictorFiles files = new PredictorFiles(folder);
        for (String route : List.of("a", "r", "z")) {
            files.put(
                    ((RouteTeacher.Taken) new RouteTeacher(1).teach(route, labels.labelled("r", 1000), List.of(), null,
                            now)).predictor());
        }
        ageOf("r", 2);
        assertThatThrownBy(() -> files.read("r")).isInstanceOf(UnreadablePredictorException.class)
                .hasMessageContaining("is of format 2, which is no longer read: train it again");
        Files.writeString(files.file("a", requireNonNull(files.version("a"))).resolveSibling("current"), "no version");

        AccuracyBoard board = new AccuracyBoard(Runnable::run);
        Training training = training(board);
        training.look();

        assertThat(board.find("z")).isNotNull();
        assertThat(board.find("a")).isNull();
        assertThat(files.routes()).as("r was taught again at once").containsExactly("r", "z");
        assertThat(board.find("r")).isNotNull().extracting(RoutePredictor::version).isEqualTo(files.version("r"));
        try (var tree = Files.walk(folder.resolve("predictors"))) {
            assertThat(tree.filter(file -> file.endsWith("current.unreadable"))).hasSize(2);
        }
    }

    @Test
    void aRoutesNameIsNoPathAndOnlyTheNewestVersionsStay() throws IOException {
        PredictorFiles files = new PredictorFiles(folder);
        label(60);
        for (int i = 0; i < 8; i++) {
            now = now.plusSeconds(1);
            files.put(((RouteTeacher.Taken) new RouteTeacher(i).teach("../../a b", labels.labelled("r", 1000),
                    List.of(), null, now)).predictor());
        }
        assertThat(files.routes()).containsExactly("../../a b");
        try (var tree = Files.walk(folder.resolve("predictors"))) {
            assertThat(tree.filter(Files::isRegularFile)).hasSize(6);
        }
        assertThat(requireNonNull(files.read("../../a b")).version()).isEqualTo(files.version("../../a b"));
        assertThat(files.read("other")).isNull();
    }
}
