package dev.pareto.policies.route;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.predict.floor.FloorControl.Method;
import dev.pareto.policies.predict.floor.FloorControl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Our routers on the prompts of RouteLLM (arXiv 2406.18665), GPT-4-1106 against Mixtral-8x7B, on splits that were never tuned on.
 * The minima are those that published routers and plain baselines set; {@code docs/routing-policies.md} has the means of five seeds.
 */
final class PublishedRoutingTest {

    private static final List<Long> SEEDS = List.of(1000L, 1001L, 1002L, 1003L, 1004L);
    private static final String BEFORE = "pareto";
    private static final String ONE = "pareto + one weak answer";
    private static final String TWO = "pareto + two weak answers";

    private static RouterReport run(List<LabelledPrompt> data, @Nullable List<LabelledPrompt> train, long seed,
            RouterEvaluation.@Nullable Floor floor) {
        return new RouterEvaluation(System::nanoTime).run(data, train,
                new RouterEvaluation.Settings(null, null, null, seed, 5, 0, floor));
    }

    /** Their mean over the reports, as tables give it. */
    private static void atLeast(List<RouterReport> reports, String name, double apgr, double cpt50, double cpt80) {
        List<RouterReport.Router> routers = reports.stream()
                .flatMap(report -> report.routers().stream())
                .filter(router -> router.name().equals(name))
                .toList();
        assertThat(routers).hasSameSizeAs(reports);
        assertThat(mean(routers, router -> router.figures().apgr())).as(name + " APGR").isGreaterThanOrEqualTo(apgr);
        assertThat(mean(routers, router -> router.figures().cpt50())).as(name + " CPT50").isLessThanOrEqualTo(cpt50);
        assertThat(mean(routers, router -> router.figures().cpt80())).as(name + " CPT80").isLessThanOrEqualTo(cpt80);
        assertThat(mean(routers, router -> requireNonNull(router.ece()))).as(name + " ECE").isLessThanOrEqualTo(0.035);
    }

    private static double mean(List<RouterReport.Router> routers, ToDoubleFunction<RouterReport.Router> figure) {
        return routers.stream().mapToDouble(figure).average().orElseThrow();
    }

    private static FloorTrial.Result floor(RouterReport report, Method method) {
        return report.floors().stream().filter(floor -> floor.method() == method).findFirst().orElseThrow();
    }

    private static RouterReport mmlu(List<LabelledPrompt> prompts, long seed, RouterEvaluation.@Nullable Floor floor) {
        List<LabelledPrompt> shuffled = new ArrayList<>(prompts);
        Collections.shuffle(shuffled, new Random(seed));
        return run(shuffled.subList(1500, shuffled.size()), shuffled.subList(0, 1500), seed, floor);
    }

    @Test
    void fifteenHundredLabelsRouteTheRestOfMmluAndTheFloorHolds() throws IOException {
        List<LabelledPrompt> prompts = SharedData.prompts("mmlu");
        RouterEvaluation.Floor promise = new RouterEvaluation.Floor(0.05, 0.1, 2000, 200);
        List<RouterReport> reports = SEEDS.parallelStream()
                .map(seed -> mmlu(prompts, seed, seed.equals(SEEDS.getFirst()) ? promise : null))
                .toList();

        atLeast(reports, BEFORE, 0.64, 31, 64);
        RouterReport report = reports.getFirst();
        assertThat(floor(report, Method.LEARN_THEN_TEST).brokenBeyondNoise()).isLessThanOrEqualTo(0.1);
        assertThat(floor(report, Method.LEARN_THEN_TEST).strongShare()).isBetween(0.6, 0.75);
        assertThat(floor(report, Method.NAIVE).broken()).isGreaterThan(0.3);
        assertThat(floor(report, Method.CONFORMAL).loss()).isLessThanOrEqualTo(0.051);
    }

    @Test
    void gsm8kIsRoutedFromItsQuestionsAlone() throws IOException {
        List<LabelledPrompt> questions = SharedData.prompts("gsm8k")
                .stream()
                .map(prompt -> new LabelledPrompt(prompt.id(), prompt.prompt(), null, withoutAnswers(prompt)))
                .toList();
        atLeast(SEEDS.parallelStream().map(seed -> run(questions, null, seed, null)).toList(), BEFORE, 0.63, 35, 60);
    }

    private static Map<String, LabelledPrompt.Label> withoutAnswers(LabelledPrompt prompt) {
        return prompt.models()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey,
                        entry -> new LabelledPrompt.Label(entry.getValue().score(), null)));
    }

    @Test
    void answersToGsm8kAreJudgedBeforeTheyAreServed() throws IOException {
        RouterReport report = run(SharedData.gsm8kWithSecondAnswers(), null, SEEDS.getFirst(),
                new RouterEvaluation.Floor(0.05, 0.1, 400, 200));

        atLeast(List.of(report), ONE, 0.79, 17, 38);
        atLeast(List.of(report), TWO, 0.86, 17, 29);
        assertThat(floor(report, Method.LEARN_THEN_TEST).brokenBeyondNoise()).isLessThanOrEqualTo(0.1);
        assertThat(floor(report, Method.LEARN_THEN_TEST).strongShare()).isLessThanOrEqualTo(0.45)
                .isGreaterThan(floor(report, Method.NAIVE).strongShare());
    }
}
