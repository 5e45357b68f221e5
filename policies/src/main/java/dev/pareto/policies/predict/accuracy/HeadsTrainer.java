package dev.pareto.policies.predict.accuracy;

import dev.pareto.policies.predict.learn.BoostedTrees;
import dev.pareto.policies.predict.learn.Calibration;
import dev.pareto.policies.predict.learn.Isotonic;
import dev.pareto.policies.predict.learn.Platt;
import dev.pareto.policies.predict.learn.Ridge;
import dev.pareto.policies.predict.learn.SparseRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Learns {@link SuccessHeads}: penalty, blend and calibration are chosen by what each fold's models say of rows they have not seen,
 * so nothing is tuned on anything but the labels given.
 */
final class HeadsTrainer {

    /**
     * Rows to learn from.
     *
     * @param rows sparse features
     * @param dense {@code [row * width + feature]}
     * @param targets {@code [row * heads + head]} in [0, 1]; NaN where unknown
     * @param fold which fold leaves a row out
     */
    record Table(SparseRows rows, float[] dense, int width, double[] targets, int heads, int[] fold) {

        int size() {
            return fold.length;
        }

        int[] without(int left) {
            return IntStream.range(0, fold.length).filter(row -> fold[row] != left).toArray();
        }
    }

    /**
     * @param outOfFold {@code [row * heads + head]}: calibrated, by models that had not seen the row
     */
    record Learned(SuccessHeads heads, double[] outOfFold) {}

    private static final double[] PENALTIES = {4, 8, 16};
    private static final double[] SHARES = {0.15, 0.3, 0.45, 0.6, 0.75};

    private final Table table;
    private final int folds;
    private final int stride;
    private final BoostedTrees.Settings settings;
    private final SplittableRandom random;
    private final double[] means;
    private double penalty;

    HeadsTrainer(Table table, BoostedTrees.Settings settings, long seed) {
        this.table = table;
        this.folds = Arrays.stream(table.fold).max().orElse(0) + 1;
        this.stride = table.heads * folds;
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        this.means = new double[stride];
        for (int fold = 0; fold < folds; fold++) {
            double[] of = means(table.without(fold));
            for (int head = 0; head < table.heads; head++) {
                means[head * folds + fold] = of[head];
            }
        }
    }

    Learned learn() {
        double[] linear = new double[table.targets.length];
        float[] weights = linearHeads(linear);
        double[] boosted = new double[table.targets.length];
        List<BoostedTrees> trees = boostedHeads(linear, boosted);
        double bestLoss = Double.POSITIVE_INFINITY;
        double bestShare = 0;
        List<Platt> calibrations = List.of();
        for (double share : SHARES) {
            List<Platt> found = new ArrayList<>();
            double loss = 0;
            for (int head = 0; head < table.heads; head++) {
                double[] scores = blended(linear, boosted, share, head);
                double[] targets = column(table.targets, head);
                found.add(Platt.fit(scores, targets));
                loss += found.getLast().loss(scores, targets);
            }
            if (loss < bestLoss) {
                bestLoss = loss;
                bestShare = share;
                calibrations = found;
            }
        }
        double[] outOfFold = new double[table.targets.length];
        List<Calibration> chosen = new ArrayList<>();
        for (int head = 0; head < table.heads; head++) {
            Calibrated best = calibrated(blended(linear, boosted, bestShare, head), head, calibrations.get(head));
            chosen.add(best.calibration);
            for (int row = 0; row < table.size(); row++) {
                outOfFold[row * table.heads + head] = best.outOfFold[row];
            }
        }
        return new Learned(new SuccessHeads(table.heads, table.width, weights, means, trees, bestShare, chosen),
                outOfFold);
    }

    private record Calibrated(Calibration calibration, double[] outOfFold) {}

    /**
     * Steps where there are labels enough and they do better, by more than a standard error, on labels that they had not seen; else the
     * logistic curve, which keeps the order of scores better.
     */
    private Calibrated calibrated(double[] scores, int head, Platt platt) {
        double[] targets = column(table.targets, head);
        Calibrated smooth = new Calibrated(platt, Arrays.stream(scores).map(platt::apply).toArray());
        if (Arrays.stream(targets).filter(target -> !Double.isNaN(target)).count() < Isotonic.LEAST_LABELS) {
            return smooth;
        }
        double[] stepped = new double[scores.length];
        double gain = 0;
        double squares = 0;
        int known = 0;
        for (int fold = 0; fold < folds; fold++) {
            double[] others = targets.clone();
            for (int row = 0; row < scores.length; row++) {
                if (table.fold[row] == fold) {
                    others[row] = Double.NaN;
                }
            }
            Isotonic steps = Isotonic.fit(scores, others);
            Platt curve = Platt.fit(scores, others);
            for (int row = 0; row < scores.length; row++) {
                if (table.fold[row] == fold) {
                    stepped[row] = steps.apply(scores[row]);
                }
                if (table.fold[row] == fold && !Double.isNaN(targets[row])) {
                    double better = loss(curve.apply(scores[row]), targets[row]) - loss(stepped[row], targets[row]);
                    gain += better;
                    squares += better * better;
                    known++;
                }
            }
        }
        return gain > Math.sqrt(Math.max(0, squares - gain * gain / known))
                ? new Calibrated(Isotonic.fit(scores, targets), stepped)
                : smooth;
    }

    private static double loss(double said, double was) {
        double p = Math.clamp(said, 1e-9, 1 - 1e-9);
        return -was * Math.log(p) - (1 - was) * Math.log1p(-p);
    }

    private double[] means(int[] use) {
        double[] sums = new double[table.heads];
        int[] counts = new int[table.heads];
        for (int row : use) {
            for (int head = 0; head < table.heads; head++) {
                double target = table.targets[row * table.heads + head];
                if (!Double.isNaN(target)) {
                    sums[head] += target;
                    counts[head]++;
                }
            }
        }
        for (int head = 0; head < table.heads; head++) {
            sums[head] = counts[head] == 0 ? 0.5 : sums[head] / counts[head];
        }
        return sums;
    }

    private double[] centred(double[] by) {
        double[] centred = table.targets.clone();
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= by[i % table.heads];
        }
        return centred;
    }

    private float[] linearHeads(double[] outOfFold) {
        float[] best = new float[0];
        double bestLoss = Double.POSITIVE_INFINITY;
        for (double tried : PENALTIES) {
            float[] weights = new float[table.rows.width() * stride];
            double[] said = new double[outOfFold.length];
            for (int fold = 0; fold < folds; fold++) {
                double[] by = means(table.without(fold));
                double[] fitted = Ridge.fit(table.rows, centred(by), table.heads, table.without(fold), tried);
                keep(fitted, fold, weights);
                for (int row = 0; row < table.size(); row++) {
                    if (table.fold[row] == fold) {
                        say(row, fitted, by, said);
                    }
                }
            }
            double loss = squares(said);
            if (loss < bestLoss) {
                bestLoss = loss;
                penalty = tried;
                best = weights;
                System.arraycopy(said, 0, outOfFold, 0, said.length);
            }
        }
        return best;
    }

    private void say(int row, double[] fitted, double[] by, double[] into) {
        double[] said = Ridge.predict(table.rows, row, fitted, table.heads);
        for (int head = 0; head < table.heads; head++) {
            into[row * table.heads + head] = said[head] + by[head];
        }
    }

    private void keep(double[] fitted, int fold, float[] weights) {
        for (int i = 0; i < fitted.length; i++) {
            weights[i / table.heads * stride + i % table.heads * folds + fold] = (float) fitted[i];
        }
    }

    private double squares(double[] said) {
        double sum = 0;
        for (int i = 0; i < said.length; i++) {
            double error = said[i] - table.targets[i];
            sum += Double.isNaN(error) ? 0 : error * error;
        }
        return sum;
    }

    private List<BoostedTrees> boostedHeads(double[] linear, double[] outOfFold) {
        int width = table.width + table.heads;
        float[] dense = new float[table.size() * width];
        for (int row = 0; row < table.size(); row++) {
            System.arraycopy(table.dense, row * table.width, dense, row * width, table.width);
        }
        BoostedTrees[] trees = new BoostedTrees[stride];
        double[][] nested = nested(linear);
        for (int fold = 0; fold < folds; fold++) {
            for (int i = 0; i < linear.length; i++) {
                dense[i / table.heads * width + table.width + i % table.heads] = (float) nested[fold][i];
            }
            for (int head = 0; head < table.heads; head++) {
                double[] targets = column(table.targets, head);
                int[] use = Arrays.stream(table.without(fold)).filter(row -> !Double.isNaN(targets[row])).toArray();
                BoostedTrees grown = BoostedTrees.fit(dense, width, targets, use, settings, random.split());
                trees[head * folds + fold] = grown;
                for (int row = 0; row < table.size(); row++) {
                    if (table.fold[row] == fold) {
                        outOfFold[row * table.heads + head] = 1 / (1 + Math.exp(-grown.score(dense, row * width)));
                    }
                }
            }
        }
        return List.of(trees);
    }

    /**
     * What the ridges say of each row, as the trees of each fold see it: of a row that the fold learns from by a model that had not
     * seen that row either, or the trees would trust it too much.
     */
    private double[][] nested(double[] linear) {
        double[][] said = new double[folds][linear.length];
        for (int fold = 0; fold < folds; fold++) {
            System.arraycopy(linear, 0, said[fold], 0, linear.length);
        }
        for (int a = 0; a < folds; a++) {
            for (int b = a + 1; b < folds; b++) {
                int one = a;
                int other = b;
                int[] use = IntStream.range(0, table.size())
                        .filter(row -> table.fold[row] != one && table.fold[row] != other)
                        .toArray();
                double[] by = means(use);
                double[] fitted = Ridge.fit(table.rows, centred(by), table.heads, use, penalty);
                for (int row = 0; row < table.size(); row++) {
                    if (table.fold[row] == a) {
                        say(row, fitted, by, said[b]);
                    } else if (table.fold[row] == b) {
                        say(row, fitted, by, said[a]);
                    }
                }
            }
        }
        return said;
    }

    private double[] blended(double[] linear, double[] boosted, double share, int head) {
        double[] scores = new double[table.size()];
        for (int row = 0; row < scores.length; row++) {
            int at = row * table.heads + head;
            scores[row] = share * Math.clamp(linear[at], 0.005, 0.995) + (1 - share) * boosted[at];
        }
        return scores;
    }

    private double[] column(double[] values, int head) {
        double[] column = new double[table.size()];
        for (int row = 0; row < column.length; row++) {
            column[row] = values[row * table.heads + head];
        }
        return column;
    }
}
