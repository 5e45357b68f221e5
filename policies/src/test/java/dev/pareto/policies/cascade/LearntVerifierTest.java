package dev.pareto.policies.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.Agreement;
import dev.pareto.policies.predict.accuracy.Answer;
import dev.pareto.policies.route.LabelledPrompt;
import dev.pareto.policies.route.LabelledPrompt.Label;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LearntVerifierTest {

    private static final ModelId WEAK = ModelId.parse("local/weak");
    private static final ModelId STRONG = ModelId.parse("big/strong");

    /** The weak model adds up; a third of its sums are wrong. */
    private static List<LabelledPrompt> sums(int count, boolean second, long seed) {
        Random random = new Random(seed);
        List<LabelledPrompt> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int a = random.nextInt(5, 900);
            int b = random.nextInt(5, 900);
            boolean right = random.nextInt(3) > 0;
            String said = a + " + " + b + " = " + (a + b + (right ? 0 : random.nextInt(3, 20)));
            Map<String, Label> models = new HashMap<>(Map.of(STRONG.toString(), new Label(1.0, null), WEAK.toString(),
                    new Label(right ? 1.0 : 0.0, Answer.of(said + "\n#### " + said.replaceAll(".* ", "")))));
            if (second) {
                models.put(WEAK + "#2", new Label(null, Answer.of("#### " + (a + b))));
            }
            prompts.add(
                    new LabelledPrompt(seed + "-" + i, "What is the sum of " + a + " and " + b + "?", null, models));
        }
        return prompts;
    }

    private static CascadePlan plan(CascadePlan.@Nullable SecondOpinion second, VerifierPlan.Threshold threshold) {
        return new CascadePlan(WEAK, STRONG, new CascadePlan.Gate.Whole(), Duration.ofSeconds(1), 10_000, null, second,
                new VerifierPlan("l.jsonl", threshold), CascadePlan.WhenLate.ESCALATE, 0.05);
    }

    private static Answer weak(LabelledPrompt prompt) {
        return java.util.Objects.requireNonNull(prompt.answer(WEAK.toString()));
    }

    @Test
    void aPromiseHoldsOnPromptsThatNeitherTaughtNorCalibrated() {
        CascadePlan plan = plan(null, new VerifierPlan.Promise(0.05, 0.9));

        var ready = (LearntVerifier.Ready) LearntVerifier.learn(sums(500, false, 1), plan, 1);
        int lost = 0;
        int passed = 0;
        List<LabelledPrompt> fresh = sums(400, false, 2);
        for (LabelledPrompt prompt : fresh) {
            if (ready.verifier().judge(prompt.prompt(), null, weak(prompt), null).passed()) {
                passed++;
                lost += java.util.Objects.requireNonNull(prompt.score(WEAK.toString())) == 0 ? 1 : 0;
            }
        }
        assertThat(ready.verifier().labels()).isEqualTo(500);
        assertThat(ready.verifier().readsTwo()).isFalse();
        assertThat((double) lost / fresh.size()).as("loss").isLessThanOrEqualTo(0.05);
        assertThat((double) passed / fresh.size()).as("two thirds are right").isGreaterThan(0.55);
    }

    @Test
    void tooFewLabelsSayHowManyAreMissing() {
        CascadePlan plan = plan(null, new VerifierPlan.Promise(0.05, 0.9));

        assertThat(LearntVerifier.learn(sums(100, false, 1), plan, 1))
                .as("two fifths of them must be the 45 that learn-then-test needs")
                .isEqualTo(new LearntVerifier.TooFewLabels(100, 15));
        assertThat(LearntVerifier.learn(List.of(), plan(null, new VerifierPlan.AtLeast(0.9)), 1))
                .isEqualTo(new LearntVerifier.TooFewLabels(0, 20));
        assertThat(LearntVerifier.learn(sums(115, false, 1), plan, 1)).isInstanceOf(LearntVerifier.Ready.class);
    }

    @Test
    void aStatedThresholdIsHeldAgainstTheForecast() {
        var ready = (LearntVerifier.Ready) LearntVerifier.learn(sums(200, false, 1),
                plan(null, new VerifierPlan.AtLeast(0.8)), 1);

        LearntVerifier.Judgement right = ready.verifier()
                .judge("What is the sum of 12 and 30?", null, Answer.of("12 + 30 = 42\n#### 42"), null);
        LearntVerifier.Judgement wrong = ready.verifier()
                .judge("What is the sum of 12 and 30?", null, Answer.of("12 + 30 = 49\n#### 49"), null);
        assertThat(right.passed()).isTrue();
        assertThat(right.score()).isEqualTo(right.probability()).isGreaterThanOrEqualTo(0.8);
        assertThat(wrong.passed()).isFalse();
    }

    @Test
    void labelsWithASecondSampleTeachItToCompare() {
        var again = new CascadePlan.SecondOpinion(WEAK, 0.7);
        var ready = (LearntVerifier.Ready) LearntVerifier.learn(sums(200, true, 1),
                plan(again, new VerifierPlan.AtLeast(0.5)), 1);
        assertThat(ready.verifier().readsTwo()).isTrue();
        var alone = (LearntVerifier.Ready) LearntVerifier.learn(sums(200, false, 1),
                plan(again, new VerifierPlan.AtLeast(0.5)), 1);
        assertThat(alone.verifier().readsTwo()).as("no second answers in the labels").isFalse();
    }

    @Test
    void scoresOnAnotherScaleAreRefused() {
        var prompt = new LabelledPrompt("7", "q", null,
                Map.of(STRONG.toString(), new Label(9.0, null), WEAK.toString(), new Label(4.0, Answer.of("a"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearntVerifier.learn(List.of(prompt), plan(null, new VerifierPlan.AtLeast(0.5)), 1))
                .withMessageContaining("prompt 7 must lie between 0 and 1");
    }

    @Test
    void numbersChoicesAndLabelsCanBeComparedAndProseCannot() {
        assertThat(Agreement.of("It makes 1,200.\n#### 1200", "{\"answer\": \"1200\"}")).isTrue();
        assertThat(Agreement.of("So 7.", "The answer is 8")).isFalse();
        assertThat(Agreement.of("The answer is (B).", "Answer: B")).isTrue();
        assertThat(Agreement.of("billing", "Refund")).isFalse();
        assertThat(Agreement.of(
                "Dear customer, we are very sorry that your parcel has not come and will look after it.",
                "We regret the delay of your parcel, dear customer, and are looking into what has become of it."))
                .isNull();
    }
}
