package dev.pareto.policies.predict.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class IsotonicTest {

    @Test
    void neighboursThatFallArePooled() {
        Isotonic steps = Isotonic.fit(new double[]{0.1, 0.2, 0.3, 0.4}, new double[]{0, 1, 0, 1});

        assertThat(steps.scores()).containsExactly(new double[]{0.1, 0.25, 0.4}, within(1e-12));
        assertThat(steps.probabilities()).containsExactly(0.01, 0.5, 0.99);
        assertThat(steps.apply(0.175)).isCloseTo(0.255, within(1e-9));
        assertThat(steps.apply(-1)).isEqualTo(0.01);
        assertThat(steps.apply(2)).isEqualTo(0.99);
    }

    @Test
    void theOrderOfScoresIsKeptWhateverTheOutcomes() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            int n = 1 + random.nextInt(300);
            double[] scores = new double[n];
            double[] outcomes = new double[n];
            for (int i = 0; i < n; i++) {
                scores[i] = round % 2 == 0 ? random.nextInt(10) / 10.0 : random.nextDouble();
                outcomes[i] = i > 0 && random.nextInt(5) == 0 ? Double.NaN : random.nextInt(2);
            }
            Isotonic steps = Isotonic.fit(scores, outcomes);
            double last = 0;
            for (double score = 0; score <= 1; score += 0.01) {
                assertThat(steps.apply(score)).isBetween(last, 1.0);
                last = steps.apply(score);
            }
        }
    }

    @Test
    void stepsBeatTheLogisticCurveWhereTheTruthIsAStep() {
        Random random = new Random(3);
        int n = 4000;
        double[] scores = new double[n];
        double[] outcomes = new double[n];
        double[] fresh = new double[n];
        for (int i = 0; i < n; i++) {
            scores[i] = random.nextDouble();
            double truth = scores[i] < 0.3 ? 0.35 : scores[i] < 0.7 ? 0.4 : 0.95;
            outcomes[i] = random.nextDouble() < truth ? 1 : 0;
            fresh[i] = random.nextDouble() < truth ? 1 : 0;
        }
        assertThat(Isotonic.fit(scores, outcomes).loss(scores, fresh))
                .isLessThan(Platt.fit(scores, outcomes).loss(scores, fresh) - 0.01);
    }

    @Test
    void stepsThatFallAreRefused() {
        assertThatThrownBy(() -> new Isotonic(new double[]{0.1, 0.2}, new double[]{0.5, 0.4}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Isotonic(new double[]{}, new double[]{}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
