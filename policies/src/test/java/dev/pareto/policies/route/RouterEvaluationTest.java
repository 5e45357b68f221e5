package dev.pareto.policies.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.policies.predict.accuracy.Answer;
import dev.pareto.policies.predict.floor.FloorControl;
import dev.pareto.policies.route.LabelledPrompt.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RouterEvaluationTest {

    private static final RouterEvaluation EVALUATION = new RouterEvaluation(System::nanoTime);
    private static final RouterEvaluation.Settings SETTINGS = new RouterEvaluation.Settings(null, null, null, 1, 4, 60,
            null);

    /** The small model fails on proofs; what it says gives that away to whoever reads it. */
    private static List<LabelledPrompt> prompts(int count, long seed, double scale, boolean outputs) {
        Random random = new Random(seed);
        List<LabelledPrompt> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean proof = random.nextBoolean();
            boolean solved = random.nextDouble() < (proof ? 0.2 : 0.9);
            Answer answer = outputs
                    ? Answer.of(solved ? "It is done. Therefore 5." : "maybe, unclear, perhaps 7")
                    : null;
            prompts.add(new LabelledPrompt("p" + i,
                    (proof ? "prove the theorem " : "translate the word ") + random.nextInt(500),
                    null, Map.of("big", new Label(random.nextDouble() < 0.95 ? scale : 0, null), "small",
                            new Label(solved ? scale : 0, answer))));
        }
        return prompts;
    }

    private static RouterReport.Router router(RouterReport report, String name) {
        return report.routers().stream().filter(router -> router.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<LabelledPrompt> labelled(int count, @Nullable Double strong, @Nullable Double weak) {
        List<LabelledPrompt> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prompts.add(new LabelledPrompt("p" + i, "prompt " + i, null, Map.of("big", new Label(strong, null), "small",
                    new Label(weak, null))));
        }
        return prompts;
    }

    @Test
    void whatCanBeToldFromThePromptIsToldAndTheAnswerTellsMore() {
        RouterReport report = EVALUATION.run(prompts(400, 1, 1, true), null, SETTINGS);
        double before = router(report, "pareto").figures().apgr();
        assertThat(before).isGreaterThan(0.65); // knowing the kind of every prompt gives 0.69
        assertThat(router(report, "pareto + one weak answer").figures().apgr()).isGreaterThan(before + 0.05);
        assertThat(router(report, "random").figures().apgr()).isCloseTo(0.5, within(0.06));
        assertThat(router(report, "oracle").figures().apgr())
                .isGreaterThanOrEqualTo(router(report, "pareto + one weak answer").figures().apgr());
        double[] ends = Objects.requireNonNull(router(report, "pareto").intervals().get("apgr"));
        assertThat(before).isBetween(ends[0], ends[1]);
        assertThat(router(report, "pareto").ece()).isLessThan(0.1);
        assertThat(report.strongModel()).isEqualTo("big");
    }

    @Test
    void gradedScoresOfAnyScaleRouteTheSame() {
        RouterReport one = EVALUATION.run(prompts(200, 2, 1, false), null, SETTINGS);
        RouterReport ten = EVALUATION.run(prompts(200, 2, 10, false), null, SETTINGS);
        assertThat(router(ten, "pareto").figures().apgr()).isEqualTo(router(one, "pareto").figures().apgr());
        assertThat(ten.strong()).isCloseTo(10 * one.strong(), within(1e-9));
        assertThat(ten.notes()).anyMatch(note -> note.contains("0.0 to 10.0"));
    }

    @Test
    void aTrainingFileIsLearnedFromAndItsRepetitionsAreTold() {
        List<LabelledPrompt> train = prompts(200, 3, 1, false);
        List<LabelledPrompt> data = new ArrayList<>(prompts(100, 4, 1, false));
        RouterReport report = EVALUATION.run(data, train, SETTINGS);
        assertThat(report.n()).isEqualTo(100);
        assertThat(report.trainedOn()).isEqualTo(200);
        data.add(train.getFirst());
        assertThat(EVALUATION.run(data, train, SETTINGS).notes())
                .anyMatch(note -> note.contains("also stand in the training file"));
    }

    @Test
    void linesWithoutOneOfTheScoresStillTeachAndThirdModelsAreNamed() {
        List<LabelledPrompt> data = new ArrayList<>(prompts(120, 5, 1, false));
        data.add(new LabelledPrompt("x", "prove", null,
                Map.of("big", new Label(1.0, null), "middle", new Label(0.8, null))));
        data.add(new LabelledPrompt("y", "prove it", null, Map.of("middle", new Label(0.8, null))));
        RouterReport report = EVALUATION.run(data, null, SETTINGS);
        assertThat(report.n()).isEqualTo(120);
        assertThat(report.notes()).anyMatch(note -> note.contains("2 lines lack"))
                .anyMatch(note -> note.startsWith("3 models"));
    }

    @Test
    void whatCannotTellRoutersApartIsRefusedWithTheReason() {
        assertThatIllegalArgumentException().isThrownBy(() -> EVALUATION.run(labelled(50, 1.0, 1.0), null, SETTINGS))
                .withMessageContaining("no gap to recover");
        assertThatIllegalArgumentException().isThrownBy(() -> EVALUATION.run(labelled(10, 1.0, 0.0), null, SETTINGS))
                .withMessageContaining("at least 40 different labelled prompts, there are 10");
        assertThatIllegalArgumentException().isThrownBy(() -> EVALUATION.run(labelled(50, 1.0, null), null, SETTINGS))
                .withMessageContaining("needs two models with scores");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EVALUATION.run(labelled(50, 1.0, 0.0), null,
                        new RouterEvaluation.Settings("huge", null, null, 1, 4, 0, null)))
                .withMessageContaining("huge");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EVALUATION.run(labelled(50, 1.0, 0.0), labelled(5, 1.0, 0.0), SETTINGS))
                .withMessageContaining("at least 20 different");
    }

    @Test
    void constantScoresOfEachModelAreEvaluated() {
        RouterReport report = EVALUATION.run(labelled(60, 1.0, 0.0), null, SETTINGS);
        assertThat(router(report, "pareto").figures().apgr()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void labelsThatAreMissingForAFloorAreCounted() {
        RouterReport report = EVALUATION.run(prompts(60, 7, 1, false), null,
                new RouterEvaluation.Settings(null, null, null, 1, 3, 0, new RouterEvaluation.Floor(0.05, 0.1, 30, 5)));
        assertThat(report.notes()).anyMatch(note -> note.endsWith("everything goes to big until there are 15 more"));
        assertThat(report.floors().getFirst().method()).isEqualTo(FloorControl.Method.LEARN_THEN_TEST);
        assertThat(report.floors().getFirst().strongShare()).isEqualTo(1);
    }

    @Test
    void theDocumentHasThePromisedShape() {
        RouterReport report = EVALUATION.run(prompts(150, 6, 1, true), null,
                new RouterEvaluation.Settings(null, null, null, 1, 3, 20,
                        new RouterEvaluation.Floor(0.1, 0.1, 60, 20)));
        JsonNode root = JsonMapper.shared().readTree(RouterReportJson.write(report));
        assertThat(root.path("n").asInt()).isEqualTo(150);
        assertThat(root.path("strong").isNumber()).isTrue();
        assertThat(root.path("weak").isNumber()).isTrue();
        JsonNode first = root.path("routers").path(0);
        assertThat(first.propertyNames()).contains("name", "apgr", "cpt50", "cpt80", "accuracy_at_20", "accuracy_at_50",
                "ece",
                "brier", "microseconds_per_prompt", "intervals", "curve");
        assertThat(first.path("microseconds_per_prompt").path("p50").asDouble()).isPositive();
        assertThat(first.path("curve").size()).isEqualTo(21);
        assertThat(root.path("floors").size()).isEqualTo(3);
        JsonNode floor = root.path("floors").path(0);
        assertThat(floor.path("method").asString()).isEqualTo("learn-then-test");
        assertThat(floor.path("router").asString()).isEqualTo("pareto + one weak answer");
        assertThat(floor.path("losses").size()).isEqualTo(20);
        assertThat(floor.path("strong_share_above_naive").asDouble()).isCloseTo(
                floor.path("strong_share").asDouble() - root.path("floors").path(2).path("strong_share").asDouble(),
                within(2e-6));
        assertThat(RouterChart.svg(report)).startsWith("<svg")
                .contains("<polyline", "pareto + one weak answer")
                .endsWith("</svg>\n");
    }
}
