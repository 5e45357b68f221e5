package dev.pareto.policies.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RouterCurveTest {

    private static final double[] STRONG = {1, 1, 1, 0, 1};
    private static final double[] WEAK = {0, 1, 0, 1, 0};

    @Test
    void figuresAreThoseOfTheReferenceScript() {
        // By router_metrics.py: order 0 2 4 1 3, recovered 0.5 1 1.5 1.5 1.
        RouterCurve.Figures figures = new RouterCurve(STRONG, WEAK, new double[]{9, 2, 8, 1, 7}).figures();
        assertThat(figures.apgr()).isCloseTo((0.25 + 0.75 + 1.25 + 1.5 + 1.25) / 5, within(1e-12));
        assertThat(figures.cpt50()).isCloseTo(20, within(1e-12));
        assertThat(figures.cpt80()).isCloseTo(40, within(1e-12));
        assertThat(figures.accuracyAt20()).isCloseTo(0.6, within(1e-12));
        assertThat(figures.accuracyAt50()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void tiesKeepTheirOrder() {
        assertThat(new RouterCurve(STRONG, WEAK, new double[5]).figures().cpt50()).isCloseTo(20, within(1e-12));
    }

    @Test
    void countingEveryPromptTwiceChangesNoArea() {
        Random random = new Random(2);
        double[] strong = random.doubles(400).map(Math::rint).toArray();
        double[] weak = random.doubles(400).map(x -> x > 0.7 ? 1 : 0).toArray();
        RouterCurve curve = new RouterCurve(strong, weak, random.doubles(400).toArray());
        int[] twice = new int[400];
        Arrays.fill(twice, 2);
        assertThat(curve.figures(twice).apgr()).isCloseTo(curve.figures().apgr(), within(1e-9));
        assertThat(curve.figures(twice).cpt80()).isCloseTo(curve.figures().cpt80(), within(0.3));
    }

    @Test
    void theCurveRunsFromTheWeakModelToTheStrong() {
        double[] curve = new RouterCurve(STRONG, WEAK, new double[]{9, 2, 8, 1, 7}).accuracies(5);
        assertThat(curve).containsExactly(new double[]{0.4, 0.6, 0.8, 1.0, 1.0, 0.8}, within(1e-12));
    }
}
