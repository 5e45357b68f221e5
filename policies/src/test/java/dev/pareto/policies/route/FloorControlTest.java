package dev.pareto.policies.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pareto.policies.predict.floor.FloorControl.Method;
import dev.pareto.policies.predict.floor.FloorControl.Safe;
import dev.pareto.policies.predict.floor.FloorControl.TooFewLabels;
import dev.pareto.policies.predict.floor.FloorControl;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FloorControlTest {

    private static final FloorControl CONTROL = new FloorControl(0.05, 0.1);

    /** The loss of a prompt is one with the probability (score + 1) / 2, so the true risk at a threshold is known. */
    private static double[][] world(int n, Random random, boolean graded) {
        double[] scores = random.doubles(n, -1, 1).toArray();
        double[] strong = new double[n];
        double[] weak = new double[n];
        for (int i = 0; i < n; i++) {
            boolean lost = random.nextDouble() < (scores[i] + 1) / 2;
            strong[i] = 1;
            weak[i] = lost ? graded ? 0.25 : 0 : 1;
        }
        return new double[][]{scores, strong, weak};
    }

    /** The integral of (s + 1) / 4 from -1 to the threshold. */
    private static double risk(double below, double size) {
        return below == Double.NEGATIVE_INFINITY ? 0 : size * (below + 1) * (below + 1) / 8;
    }

    private static int broken(Method method, boolean graded) {
        Random random = new Random(42);
        int broken = 0;
        for (int draw = 0; draw < 1000; draw++) {
            double[][] world = world(300, random, graded);
            Safe safe = (Safe) CONTROL.threshold(method, world[0], world[1], world[2]);
            broken += risk(safe.below(), graded ? 0.75 : 1) > 0.05 ? 1 : 0;
        }
        return broken;
    }

    @Test
    void learnThenTestBreaksItsPromiseInAtMostATenthOfDraws() {
        assertThat(broken(Method.LEARN_THEN_TEST, false)).isBetween(20, 120);
        assertThat(broken(Method.LEARN_THEN_TEST, true)).isLessThanOrEqualTo(120);
    }

    @Test
    void theNaiveThresholdBreaksItInAboutHalf() {
        assertThat(broken(Method.NAIVE, false)).isBetween(400, 700);
    }

    @Test
    void conformalControlKeepsTheMeanLoss() {
        Random random = new Random(7);
        double sum = 0;
        for (int draw = 0; draw < 2000; draw++) {
            double[][] world = world(100, random, false);
            sum += risk(((Safe) CONTROL.threshold(Method.CONFORMAL, world[0], world[1], world[2])).below(), 1);
        }
        assertThat(sum / 2000).isBetween(0.03, 0.0505);
    }

    @Test
    void tooFewLabelsAreCounted() {
        assertThat(CONTROL.leastLabels(Method.LEARN_THEN_TEST)).isEqualTo(45); // 0.95^45 < 0.1 < 0.95^44
        assertThat(CONTROL.threshold(Method.LEARN_THEN_TEST, new double[20], new double[20], new double[20]))
                .isEqualTo(new TooFewLabels(20, 25));
        assertThat(CONTROL.threshold(Method.CONFORMAL, new double[0], new double[0], new double[0]))
                .isEqualTo(new TooFewLabels(0, 19));
    }

    @Test
    void aWeakModelThatAlwaysFailsKeepsNothingButWhatTheMarginAllows() {
        double[] scores = new Random(1).doubles(500, -1, 1).toArray();
        double[] strong = new double[500];
        java.util.Arrays.fill(strong, 1);
        Safe safe = (Safe) CONTROL.threshold(Method.LEARN_THEN_TEST, scores, strong, new double[500]);
        assertThat(safe.strongShare()).isBetween(0.95, 1.0);
        assertThat(safe.observedLoss()).isLessThan(0.05);
    }

    @Test
    void aWeakModelThatNeverFailsKeepsEverything() {
        double[] scores = new Random(1).doubles(500, -1, 1).toArray();
        Safe safe = (Safe) CONTROL.threshold(Method.LEARN_THEN_TEST, scores, new double[500], new double[500]);
        assertThat(safe.strongShare()).isZero();
        assertThat(safe.labels()).isEqualTo(500);
    }

    @Test
    void marginsAndConfidencesOutsideTheirRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FloorControl(0, 0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FloorControl(0.05, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FloorControl(Double.NaN, 0.1));
    }
}
