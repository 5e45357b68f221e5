package dev.pareto.policies.predict.learn;

import java.util.Arrays;

/**
 * Least squares with an L2 penalty for several outputs at once, by conjugate gradients on the dual {@code (XX' + λI)a = y}: a
 * few dozen passes over the non-zero features, whatever the number of columns. An output that a row lacks (NaN) leaves that row
 * out for that output alone.
 */
public final class Ridge {

    private static final int PASSES = 40;
    private static final double PRECISION = 1e-3;

    private Ridge() {}

    /**
     * @param rows the features
     * @param targets {@code targets[row * outputs + h]}, already centred; NaN where unknown
     * @param use which rows to learn from
     * @param lambda the penalty, in units of a row's squared length
     * @return weights, {@code [column * outputs + h]}
     */
    public static double[] fit(SparseRows rows, double[] targets, int outputs, int[] use, double lambda) {
        int size = use.length * outputs;
        double[] solution = new double[size];
        double[] residual = new double[size];
        boolean[] known = new boolean[size];
        for (int i = 0; i < use.length; i++) {
            for (int h = 0; h < outputs; h++) {
                double target = targets[use[i] * outputs + h];
                known[i * outputs + h] = !Double.isNaN(target);
                residual[i * outputs + h] = Double.isNaN(target) ? 0 : target;
            }
        }
        double[] direction = residual.clone();
        double[] image = new double[size];
        double[] weights = new double[rows.width() * outputs];
        double[] error = dots(residual, residual, outputs);
        double[] first = error.clone();
        for (int pass = 0; pass < PASSES && anyAbove(error, first); pass++) {
            apply(rows, use, direction, known, outputs, lambda, weights, image);
            double[] curvature = dots(direction, image, outputs);
            step(solution, direction, error, curvature, 1, outputs);
            step(residual, image, error, curvature, -1, outputs);
            double[] next = dots(residual, residual, outputs);
            for (int i = 0; i < size; i++) {
                int h = i % outputs;
                direction[i] = residual[i] + (error[h] == 0 ? 0 : next[h] / error[h]) * direction[i];
            }
            error = next;
        }
        Arrays.fill(weights, 0);
        for (int i = 0; i < use.length; i++) {
            rows.addTo(use[i], solution, i * outputs, outputs, weights);
        }
        return weights;
    }

    /** What such weights say of a row, without the mean that the targets were centred by. */
    public static double[] predict(SparseRows rows, int row, double[] weights, int outputs) {
        double[] into = new double[outputs];
        rows.multiply(row, weights, outputs, into);
        return into;
    }

    private static void apply(SparseRows rows, int[] use, double[] direction, boolean[] known, int outputs,
            double lambda,
            double[] weights, double[] image) {
        Arrays.fill(weights, 0);
        for (int i = 0; i < use.length; i++) {
            rows.addTo(use[i], direction, i * outputs, outputs, weights);
        }
        double[] into = new double[outputs];
        for (int i = 0; i < use.length; i++) {
            Arrays.fill(into, 0);
            rows.multiply(use[i], weights, outputs, into);
            for (int h = 0; h < outputs; h++) {
                int at = i * outputs + h;
                image[at] = known[at] ? into[h] + lambda * direction[at] : 0;
            }
        }
    }

    private static double[] dots(double[] a, double[] b, int outputs) {
        double[] sums = new double[outputs];
        for (int i = 0; i < a.length; i += outputs) {
            for (int h = 0; h < outputs; h++) {
                sums[h] += a[i + h] * b[i + h];
            }
        }
        return sums;
    }

    private static void step(double[] moved, double[] along, double[] error, double[] curvature, int sign,
            int outputs) {
        for (int i = 0; i < moved.length; i++) {
            int h = i % outputs;
            if (curvature[h] > 0) {
                moved[i] += sign * error[h] / curvature[h] * along[i];
            }
        }
    }

    private static boolean anyAbove(double[] error, double[] first) {
        for (int h = 0; h < error.length; h++) {
            if (error[h] > PRECISION * PRECISION * first[h] && error[h] > 0) {
                return true;
            }
        }
        return false;
    }
}
