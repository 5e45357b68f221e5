package dev.pareto.policies.predict.live;

import static dev.pareto.policies.predict.live.Tenant.ROUTE;
import static dev.pareto.policies.predict.live.Tenant.START;
import static dev.pareto.policies.predict.live.Tenant.STRONG;
import static dev.pareto.policies.predict.live.Tenant.WEAK;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.FloorAnswer;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.TokenForecast;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import dev.pareto.policies.predict.accuracy.Influence;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RouteTeacherTest {

    private static final PromptText EASY = new PromptText("Customer 7 wants to reset password today, case 3", null);
    private static final PromptText HARD = new PromptText("Customer 7 wants to prove theorem today, case 3", null);

    private final RouteTeacher teacher = new RouteTeacher(11);
    private final Tenant tenant = new Tenant(new SplittableRandom(5));

    private RoutePredictor taught(int labels) {
        return taken(teacher.teach(ROUTE, tenant.labels(labels, LabelSource.SHADOW, START), List.of(), null,
                START.plusSeconds(labels)));
    }

    private static RoutePredictor taken(RouteTeacher.Outcome outcome) {
        assertThat(outcome).isInstanceOf(RouteTeacher.Taken.class);
        return ((RouteTeacher.Taken) outcome).predictor();
    }

    private static double weak(RoutePredictor predictor, PromptText prompt) {
        return requireNonNull(predictor.forecast(prompt, Runnable::run).of(WEAK)).probability();
    }

    @Test
    void aRouteLearnsWhichPromptsTheWeakModelFails() {
        RoutePredictor predictor = taught(600);
        AccuracyForecast easy = requireNonNull(predictor.forecast(EASY, Runnable::run).of(WEAK));

        assertThat(easy.probability()).isBetween(0.82, 0.98);
        assertThat(weak(predictor, HARD)).isBetween(0.3, 0.6);
        assertThat(easy.low()).isLessThan(easy.probability());
        assertThat(easy.labels()).isBetween(350, 450);
        assertThat(easy.version()).isEqualTo(predictor.version());
        assertThat(predictor.heldOut()).isBetween(150, 250);
        assertThat(predictor.measures()).extracting(Measures::model).containsExactly(WEAK, STRONG);
        Measures measures = predictor.measures().getFirst();
        assertThat(measures.brier()).isLessThan(measures.plainBrier() - 0.02);
        assertThat(measures.ece()).isLessThan(0.08);
        assertThat(measures.bySource()).containsEntry(LabelSource.SHADOW, 600);
        assertThat(predictor.forecast(EASY, Runnable::run).of(ModelId.parse("a/b"))).isNull();
    }

    @Test
    void whatIsExportedForecastsTheSameElsewhere() {
        RoutePredictor predictor = taught(300);
        String exported = RoutePredictorJson.write(predictor);
        RoutePredictor read = RoutePredictorJson.read(exported);

        assertThat(read.version()).isEqualTo(predictor.version());
        assertThat(RoutePredictorJson.write(read)).isEqualTo(exported);
        assertThat(weak(read, HARD)).isEqualTo(weak(predictor, HARD));
        assertThat(read.forecast(EASY, Runnable::run).floor(WEAK, STRONG, 0.1, 0.9))
                .isEqualTo(predictor.forecast(EASY, Runnable::run).floor(WEAK, STRONG, 0.1, 0.9));
        assertThat(exported).doesNotContain("password").doesNotContain("theorem");
        assertThatThrownBy(() -> RoutePredictorJson.read(exported.replace("\"traffic\":true", "\"traffic\":false")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was changed");
        assertThatThrownBy(() -> RoutePredictorJson.read("{}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withTooFewLabelsItSaysHowManyAreMissing() {
        assertThat(teacher.teach(ROUTE, tenant.labels(15, LabelSource.EVAL, START), List.of(), null, START))
                .isInstanceOfSatisfying(RouteTeacher.NothingLearnt.class,
                        nothing -> assertThat(nothing.sentence()).contains("15 labelled prompts").contains("20"));

        AccuracyForecasts few = taught(60).forecast(EASY, Runnable::run);
        assertThat(few.floor(WEAK, STRONG, 0.02, 0.95)).isInstanceOfSatisfying(FloorAnswer.TooFewLabels.class,
                answer -> assertThat(answer.labels() + answer.missing() / 3).isEqualTo(149));
        assertThat(few.floor(WEAK, ModelId.parse("a/b"), 0.02, 0.95)).isEqualTo(new FloorAnswer.NotLearnt());
    }

    @Test
    void aThresholdIsComputedInTheBackgroundAndNobodyWaitsForIt() {
        RoutePredictor predictor = taught(1500);
        List<Runnable> background = new ArrayList<>();

        assertThat(predictor.forecast(EASY, background::add).floor(WEAK, STRONG, 0.07, 0.9))
                .isEqualTo(new FloorAnswer.NotLearnt());
        assertThat(predictor.forecast(EASY, background::add).floor(WEAK, STRONG, 0.07, 0.9))
                .isEqualTo(new FloorAnswer.NotLearnt());
        assertThat(background).hasSize(1);
        background.getFirst().run();

        assertThat(predictor.forecast(EASY, background::add).floor(WEAK, STRONG, 0.07, 0.9))
                .isInstanceOf(FloorAnswer.Kept.class);
        assertThat(IntStream.range(0, 200)
                .mapToObj(i -> predictor.forecast(new PromptText(tenant.ask().text(), null), background::add)
                        .floor(WEAK, STRONG, 0.07, 0.9))
                .filter(FloorAnswer.Escalated.class::isInstance)).hasSizeBetween(20, 120);
        predictor.prepare(new Promise(WEAK, STRONG, 0.2, 0.9));
        assertThat(predictor.forecast(EASY, background::add).floor(WEAK, STRONG, 0.2, 0.9))
                .isInstanceOf(FloorAnswer.Kept.class);
        assertThat(background).hasSize(1);
    }

    @Test
    void aNewVersionThatIsWorseIsNotTaken() {
        List<LabelledItem> good = tenant.labels(600, LabelSource.SHADOW, START);
        RoutePredictor old = taken(teacher.teach(ROUTE, good, List.of(), null, START.plusSeconds(600)));
        // fresh labels like the old ones, while the old ones are replaced by noise that teaches the contrary
        List<LabelledItem> spoilt = new ArrayList<>();
        for (LabelledItem item : good) {
            spoilt.add(new LabelledItem(item.item(), item.prompt(),
                    item.labels()
                            .stream()
                            .map(label -> new Label(ROUTE, label.item(), label.model(), 1 - label.success(),
                                    label.source(), 1, label.at()))
                            .toList()));
        }
        List<LabelledItem> fresh = tenant.labels(100, LabelSource.SHADOW, START.plusSeconds(601));
        spoilt.addAll(fresh);

        assertThat(teacher.teach(ROUTE, spoilt, List.of(), old, START.plusSeconds(800)))
                .isInstanceOfSatisfying(RouteTeacher.NotTaken.class,
                        kept -> assertThat(kept.sentence()).contains("200 labels", old.version(), "the old one stays"));

        List<LabelledItem> more = new ArrayList<>(good);
        more.addAll(fresh);
        assertThat(teacher.teach(ROUTE, more, List.of(), old, START.plusSeconds(800)))
                .isInstanceOf(RouteTeacher.Taken.class);
    }

    @Test
    void aDecisionIsExplainedWithoutThePromptsWordsAndAPersonWithThem() {
        RoutePredictor predictor = taught(600);

        assertThat(predictor.forecast(HARD, Runnable::run).why(WEAK)).isNotEmpty()
                .extracting(Influence::feature)
                .contains("words")
                .noneMatch(feature -> feature.contains("theorem") || feature.startsWith("\""));
        assertThat(predictor.explain(HARD, WEAK, 10)).extracting(Influence::feature)
                .anyMatch(feature -> feature.contains("theorem") || feature.contains("prove"));
        assertThatThrownBy(() -> predictor.explain(HARD, ModelId.parse("a/b"), 3)).hasMessageContaining("no labels");
    }

    private static String essay(boolean essay, int topic) {
        return (essay
                ? "Write a long essay with many examples, in several paragraphs, on the history of "
                : "Answer in one word, yes or no, and nothing else: do you know anything about ")
                + List.of("bridges", "trains", "music", "bread", "ships").get(topic);
    }

    @Test
    void lengthsAreForecastByPromptAndModelWithNoSuccessKnown() {
        SplittableRandom random = new SplittableRandom(1);
        List<AnsweredItem> answers = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            boolean essay = random.nextBoolean();
            String text = essay(essay, random.nextInt(5));
            // log-normal: the mean is 1.65 times the median
            double tokens = (essay ? 900 : 12) * Math.exp(random.nextDouble() < 0.5 ? -1 : 1);
            answers.add(new AnsweredItem(EncodedPrompt.of(text, null), WEAK, (int) tokens));
        }
        RoutePredictor predictor = taken(teacher.teach(ROUTE, List.of(), answers, null, START));
        PromptText essay = new PromptText(essay(true, 3), null);
        TokenForecast length = requireNonNull(predictor.forecast(essay, Runnable::run).outputTokens(WEAK));
        TokenForecast brief = requireNonNull(predictor.forecast(new PromptText(essay(false, 3), null),
                Runnable::run).outputTokens(WEAK));

        assertThat(length.mean()).isBetween(1100, 1700); // 900 cosh 1 = 1389; without smearing it would be 900
        assertThat(length.bound()).isBetween(2100, 3200);
        assertThat(brief.mean()).isBetween(12, 30);
        assertThat(length.answers()).isEqualTo(800);
        assertThat(predictor.forecast(essay, Runnable::run).of(WEAK)).isNull();
        assertThat(predictor.forecast(essay, Runnable::run).outputTokens(STRONG)).isNull();
        assertThat(predictor.lengthsOf()).containsExactly(WEAK);
        RoutePredictor read = RoutePredictorJson.read(RoutePredictorJson.write(predictor));
        assertThat(read.forecast(essay, Runnable::run).outputTokens(WEAK)).isEqualTo(length);
    }
}
