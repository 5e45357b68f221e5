package dev.pareto.policies.predict.accuracy;

import dev.pareto.policies.predict.learn.BoostedTrees;
import dev.pareto.policies.predict.learn.Calibration;
import dev.pareto.policies.predict.learn.SparseRow;
import java.util.List;

/**
 * One head per model: the probability that its answer is good. Each head is a ridge over sparse features blended with boosted trees
 * over dense ones and over what the ridges say. The ridges are learned once per fold with that fold left out: their mean is what they
 * say, their scatter the (jackknife) uncertainty. The trees are learned from all rows once blend and calibration were fitted to what each
 * fold's models said of rows that they had not seen. Immutable, safe for threads.
 */
final class SuccessHeads {

    /** Room for one prediction; for one thread at a time. */
    static final class Scratch {

        private final float[] linear;
        private final float[] dense;
        /** By head, after a prediction. */
        final double[] probability;
        /** The standard error of each probability. */
        final double[] deviation;

        Scratch(SuccessHeads heads) {
            linear = new float[heads.means.length];
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
    /** By head. */
    final List<BoostedTrees> trees;
    final double linearShare;
    final List<Calibration> calibrations;
    /** By head: how much more whole models scattered than their ridges alone. */
    final double[] doubt;
    private final float[] start;

    SuccessHeads(int count, int width, float[] weights, double[] means, List<BoostedTrees> trees, double linearShare,
            List<? extends Calibration> calibrations, double[] doubt) {
        this.count = count;
        this.folds = means.length / count;
        this.width = width;
        this.weights = weights;
        this.means = means;
        this.trees = List.copyOf(trees);
        this.linearShare = linearShare;
        this.calibrations = List.copyOf(calibrations);
        this.doubt = doubt.clone();
        this.start = new float[means.length];
        for (int k = 0; k < start.length; k++) {
            start[k] = (float) means[k];
        }
    }

    /**
     * @param row sparse features
     * @param dense the dense features, at least {@code width}
     */
    void predict(SparseRow row, float[] dense, Scratch scratch) {
        linear(row, scratch.linear);
        System.arraycopy(dense, 0, scratch.dense, 0, width);
        for (int head = 0; head < count; head++) {
            scratch.dense[width + head] = (float) said(scratch, head);
        }
        for (int head = 0; head < count; head++) {
            double said = said(scratch, head);
            double tree = tree(scratch, head);
            Calibration calibration = calibrations.get(head);
            double scatter = scatter(scratch, head, said);
            scratch.probability[head] = calibration.apply(blend(said, tree));
            scratch.deviation[head] = doubt[head] * Math.sqrt(folds - 1.0)
                    * Math.abs(calibration.apply(blend(said + scatter, tree))
                            - calibration.apply(blend(said - scatter, tree)))
                    / 2;
        }
    }

    /** What a head's ridges say on average. */
    private double said(Scratch scratch, int head) {
        double sum = 0;
        for (int k = head * folds; k < (head + 1) * folds; k++) {
            sum += scratch.linear[k];
        }
        return sum / folds;
    }

    private double scatter(Scratch scratch, int head, double mean) {
        double squares = 0;
        for (int k = head * folds; k < (head + 1) * folds; k++) {
            squares += (scratch.linear[k] - mean) * (scratch.linear[k] - mean);
        }
        return Math.sqrt(squares / folds);
    }

    private double tree(Scratch scratch, int head) {
        return 1 / (1 + Math.exp(-trees.get(head).score(scratch.dense, 0)));
    }

    private double blend(double linear, double tree) {
        return blend(linear, tree, linearShare);
    }

    static double blend(double linear, double tree, double linearShare) {
        return linearShare * Math.clamp(linear, 0.005, 0.995) + (1 - linearShare) * tree;
    }

    private void linear(SparseRow row, float[] into) {
        int stride = into.length;
        System.arraycopy(start, 0, into, 0, stride);
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
        for (int other = 0; other < count; other++) {
            scratch.dense[width + other] = (float) said(scratch, other);
        }
        return (1 - linearShare) * tree(scratch, head);
    }

    /** The same when the ridges had said no more than the mean. */
    double treeShareWithoutLinear(float[] dense, int head, Scratch scratch) {
        float[] said = scratch.linear.clone();
        System.arraycopy(start, 0, scratch.linear, 0, start.length);
        double share = treeShare(dense, head, scratch);
        System.arraycopy(said, 0, scratch.linear, 0, said.length);
        return share;
    }
}
