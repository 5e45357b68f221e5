package dev.pareto.policies.predict.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class VerifierTest {

    private static final List<String> MODELS = List.of("a/strong", "b/weak");

    /** The weak model adds up; a third of its sums are wrong, and a second answer agrees with the right ones. */
    private static List<Example> sums(int count, int answers, boolean logprobs, boolean legible) {
        Random random = new Random(11);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int a = random.nextInt(5, 90);
            int b = random.nextInt(5, 90);
            boolean right = random.nextInt(3) > 0;
            int said = a + b + (right ? 0 : random.nextInt(3, 20));
            String text = legible ? a + " + " + b + " = " + said + "\n#### " + said : "It is " + said;
            double[] chances = {-0.01, right ? -0.05 : -2.5, -0.02};
            Answer first = logprobs ? new Answer(text, chances) : Answer.of(text);
            List<Answer> given = List.of(first, Answer.of("{\"answer\": \"" + (a + b) + "\"}"));
            examples.add(
                    new Example("What is the sum of " + a + " and " + b + "?", null, new double[]{1, right ? 1 : 0},
                            given.subList(0, answers)));
        }
        return examples;
    }

    private static double auc(List<Example> examples) {
        double[][] said = Verifier.train(examples, MODELS, 1).outOfFold();
        double ahead = 0;
        double pairs = 0;
        for (int i = 0; i < said.length; i++) {
            for (int j = 0; j < said.length; j++) {
                if (examples.get(i).scores()[1] > examples.get(j).scores()[1]) {
                    pairs++;
                    ahead += said[i][1] > said[j][1] ? 1 : 0;
                }
            }
        }
        return ahead / pairs;
    }

    @Test
    void wrongArithmeticGivesAnAnswerAway() {
        assertThat(auc(sums(240, 1, false, true))).isGreaterThan(0.95);
    }

    @Test
    void aSecondAnswerThatDisagreesGivesItAway() {
        assertThat(auc(sums(240, 1, false, false))).isLessThan(0.75);
        assertThat(auc(sums(240, 2, false, false))).isGreaterThan(0.95);
    }

    @Test
    void logProbabilitiesGiveItAwayWhereTheyAreKnown() {
        assertThat(auc(sums(240, 1, true, false))).isGreaterThan(0.95);
    }

    @Test
    void anExportJudgesTheSame() {
        List<Example> examples = sums(80, 2, false, true);
        Verifier verifier = Verifier.train(examples, MODELS, 1).verifier();
        Verifier again = PredictorJson.readVerifier(PredictorJson.write(verifier));
        Verifier.Workspace one = verifier.workspace();
        Verifier.Workspace two = again.workspace();
        for (Example example : examples.subList(0, 10)) {
            verifier.judge(example.prompt(), null, example.answers().get(0), example.answers().get(1), one);
            again.judge(example.prompt(), null, example.answers().get(0), example.answers().get(1), two);
            assertThat(two.probability(1)).isEqualTo(one.probability(1));
            assertThat(two.deviation(1)).isEqualTo(one.deviation(1));
        }
        assertThat(again.readsTwo()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> again.judge("q", null, Answer.of("a"), null, two));
    }

    @Test
    void examplesMustHaveEquallyManyAnswers() {
        List<Example> mixed = new ArrayList<>(sums(30, 1, false, true));
        mixed.addAll(sums(60, 2, false, true).subList(30, 60));
        assertThatIllegalArgumentException().isThrownBy(() -> Verifier.train(mixed, MODELS, 1));
    }
}
