package dev.pareto.policies.predict.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LearnersTest {

    private static final BoostedTrees.Settings SETTINGS = new BoostedTrees.Settings(60, 0.1, 0.8, 1, 1, 1);

    private static SparseRows rows(double[][] values) {
        SparseRows rows = new SparseRows(values[0].length);
        SparseRow row = new SparseRow();
        for (double[] of : values) {
            row.clear();
            for (int column = 0; column < of.length; column++) {
                if (of[column] != 0) {
                    row.add(column, (float) of[column]);
                }
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void ridgeSolvesItsNormalEquations() {
        double[][] x = {{1, 0, 2}, {0, 3, 1}, {2, 1, 0}, {1, 1, 1}, {0, 0, 2}};
        double[] y = {1, 10, -1, 20, 0.5, -5, 0, 1, 2, 0}; // two outputs, interleaved
        double[] weights = Ridge.fit(rows(x), y, 2, IntStream.range(0, 5).toArray(), 0.7);

        for (int h = 0; h < 2; h++) {
            for (int j = 0; j < 3; j++) {
                double gradient = -0.7 * weights[j * 2 + h];
                for (int i = 0; i < 5; i++) {
                    double said = 0;
                    for (int k = 0; k < 3; k++) {
                        said += x[i][k] * weights[k * 2 + h];
                    }
                    gradient += x[i][j] * (y[i * 2 + h] - said);
                }
                assertThat(gradient).isCloseTo(0, within(1e-2));
            }
        }
    }

    @Test
    void ridgeLearnsEachOutputFromTheRowsThatHaveIt() {
        double[][] x = {{1}, {1}, {1}};
        double[] y = {1, Double.NaN, 1, 4, Double.NaN, 4};
        double[] weights = Ridge.fit(rows(x), y, 2, new int[]{0, 1, 2}, 1e-6);

        assertThat(weights[0]).isCloseTo(1, within(1e-3));
        assertThat(weights[1]).isCloseTo(4, within(1e-3));
    }

    @Test
    void treesFindWhatOnlyTwoFeaturesTogetherTell() {
        Random random = new Random(3);
        int n = 600;
        float[] dense = new float[n * 3];
        double[] targets = new double[n];
        for (int i = 0; i < n; i++) {
            for (int f = 0; f < 3; f++) {
                dense[i * 3 + f] = random.nextFloat();
            }
            targets[i] = (dense[i * 3] > 0.5) != (dense[i * 3 + 1] > 0.3) ? 1 : 0;
        }
        BoostedTrees trees = BoostedTrees.fit(dense, 3, targets, IntStream.range(0, 400).toArray(), SETTINGS,
                new Random(1));

        long right = IntStream.range(400, n).filter(i -> trees.score(dense, i * 3) > 0 == targets[i] > 0.5).count();
        assertThat(right).isGreaterThan(180);
    }

    @Test
    void equalSeedsGrowEqualTreesAndPartsMakeThemAgain() {
        float[] dense = new float[80];
        double[] targets = new double[80];
        for (int i = 0; i < 80; i++) {
            dense[i] = i;
            targets[i] = (i > 40) != (i % 9 == 0) ? 1 : 0;
        }
        int[] all = IntStream.range(0, 80).toArray();
        BoostedTrees first = BoostedTrees.fit(dense, 1, targets, all, SETTINGS, new Random(5));
        BoostedTrees second = BoostedTrees.fit(dense, 1, targets, all, SETTINGS, new Random(5));
        BoostedTrees copied = new BoostedTrees(first.parts(), 1);

        for (int i = 0; i < 80; i++) {
            assertThat(second.score(dense, i)).isEqualTo(first.score(dense, i));
            assertThat(copied.score(dense, i)).isEqualTo(first.score(dense, i));
        }
        assertThat(first.score(dense, 70)).isGreaterThan(first.score(dense, 10));
    }

    @Test
    void damagedPartsAreRefused() {
        BoostedTrees.Parts parts = new BoostedTrees.Parts(0, new int[]{0, 0, 9, 0, 0, 0, 0}, new float[7],
                new float[8]);
        assertThatIllegalArgumentException().isThrownBy(() -> new BoostedTrees(parts, 3))
                .withMessageContaining("feature 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoostedTrees.Parts(0, new int[6], new float[6], new float[8]));
    }

    @Test
    void plattPutsOverconfidentScoresRight() {
        Random random = new Random(7);
        double[] scores = new double[4000];
        double[] outcomes = new double[4000];
        for (int i = 0; i < scores.length; i++) {
            double truth = 0.2 + 0.6 * random.nextDouble();
            outcomes[i] = random.nextDouble() < truth ? 1 : 0;
            scores[i] = Platt.sigmoid(2.5 * Math.log(truth / (1 - truth)) + 0.8);
        }
        Platt fitted = Platt.fit(scores, outcomes);

        assertThat(fitted.slope()).isCloseTo(0.4, within(0.06));
        assertThat(fitted.intercept()).isCloseTo(-0.32, within(0.08));
        assertThat(fitted.loss(scores, outcomes)).isLessThan(Platt.IDENTITY.loss(scores, outcomes));
    }

    @Test
    void plattStaysMonotoneWhenOutcomesAreConstantOrScoresRunBackwards() {
        Platt constant = Platt.fit(new double[]{0.2, 0.9, 0.5}, new double[]{1, 1, 1});
        assertThat(constant.apply(0.9)).isBetween(constant.apply(0.2), 1.0);
        Platt backwards = Platt.fit(new double[]{0.1, 0.2, 0.8, 0.9}, new double[]{1, 1, 0, 0});
        assertThat(backwards.apply(0.9)).isGreaterThanOrEqualTo(backwards.apply(0.1));
    }
}
