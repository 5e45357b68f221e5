package dev.pareto.policies.predict.accuracy;

import dev.pareto.policies.predict.learn.BoostedTrees;
import dev.pareto.policies.predict.learn.Calibration;
import dev.pareto.policies.predict.learn.SparseRow;
import java.util.Arrays;
import java.util.List;

/**
 * One head per model: the probability that its answer is good. Each head is a ridge over sparse features blended with boosted trees
 * over dense ones and over what the ridges say, learned once per fold with that fold left out. The mean over the folds is the forecast, their scatter its
 * (jackknife) uncertainty, and what the folds said of the rows they had not seen is what blend and calibration were fitted to.
 * Immutable, safe for threads.
 */
final class SuccessHeads {

    /** Room for one prediction; for one thread at a time. */
    static final class Scratch {

        private final double[] linear;
        private final float[] dense;
        /** By head, after a prediction. */
        final double[] probability;
        /** The standard error of each probability. */
        final double[] deviation;

        Scratch(SuccessHeads heads) {
            linear = new double[heads.means.length];
            dense = new float[heads.width + heads.count];
            probability = new double[heads.count];
            deviation = new double[heads.count];
        }
    }

    final int count;
    final int folds;
    final int width;
    /** {@code [column * means.length + head * folds + fold]}. */
    final float[] weights;
    final double[] means;
    final List<BoostedTrees> trees;
    final double linearShare;
    final List<Calibration> calibrations;

    SuccessHeads(int count, int width, float[] weights, double[] means, List<BoostedTrees> trees, double linearShare,
            List<? extends Calibration> calibrations) {
        this.count = count;
        this.folds = means.length / count;
        this.width = width;
        this.weights = weights;
        this.means = means;
        this.trees = List.copyOf(trees);
        this.linearShare = linearShare;
        this.calibrations = List.copyOf(calibrations);
    }

    /**
     * @param row sparse features
     * @param dense the dense features, at least {@code width}
     */
    void predict(SparseRow row, float[] dense, Scratch scratch) {
        linear(row, scratch.linear);
        System.arraycopy(dense, 0, scratch.dense, 0, width);
        Arrays.fill(scratch.probability, 0);
        Arrays.fill(scratch.deviation, 0);
        for (int fold = 0; fold < folds; fold++) {
            for (int head = 0; head < count; head++) {
                scratch.dense[width + head] = (float) scratch.linear[head * folds + fold];
            }
            for (int head = 0; head < count; head++) {
                double tree = 1 / (1 + Math.exp(-trees.get(head * folds + fold).score(scratch.dense, 0)));
                double p = calibrations.get(head).apply(blend(scratch.linear[head * folds + fold], tree));
                scratch.probability[head] += p;
                scratch.deviation[head] += p * p;
            }
        }
        for (int head = 0; head < count; head++) {
            double mean = scratch.probability[head] / folds;
            double variance = Math.max(0, scratch.deviation[head] / folds - mean * mean);
            scratch.probability[head] = mean;
            scratch.deviation[head] = Math.sqrt(variance * (folds - 1));
        }
    }

    private double blend(double linear, double tree) {
        return linearShare * Math.clamp(linear, 0.005, 0.995) + (1 - linearShare) * tree;
    }

    private void linear(SparseRow row, double[] into) {
        int stride = into.length;
        System.arraycopy(means, 0, into, 0, stride);
        for (int i = 0; i < row.size(); i++) {
            int base = row.column(i) * stride;
            float value = row.value(i);
            for (int k = 0; k < stride; k++) {
                into[k] += value * weights[base + k];
            }
        }
    }

    /** What one sparse feature adds to what a head's ridges say. */
    double effect(SparseRow row, int i, int head) {
        double sum = 0;
        for (int fold = 0; fold < folds; fold++) {
            sum += row.value(i) * weights[row.column(i) * means.length + head * folds + fold];
        }
        return sum / folds;
    }

    /** What the trees say of a head, before blending, when dense features are changed but the ridges say what they last said. */
    double treeShare(float[] dense, int head, Scratch scratch) {
        System.arraycopy(dense, 0, scratch.dense, 0, width);
        double sum = 0;
        for (int fold = 0; fold < folds; fold++) {
            for (int other = 0; other < count; other++) {
                scratch.dense[width + other] = (float) scratch.linear[other * folds + fold];
            }
            sum += 1 / (1 + Math.exp(-trees.get(head * folds + fold).score(scratch.dense, 0)));
        }
        return (1 - linearShare) * sum / folds;
    }

    /** The same when the ridges had said no more than the mean. */
    double treeShareWithoutLinear(float[] dense, int head, Scratch scratch) {
        double[] said = scratch.linear.clone();
        System.arraycopy(means, 0, scratch.linear, 0, means.length);
        double share = treeShare(dense, head, scratch);
        System.arraycopy(said, 0, scratch.linear, 0, said.length);
        return share;
    }
}
