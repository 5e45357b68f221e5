package dev.pareto.policies.route;

import dev.pareto.policies.predict.floor.FloorControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Tries a floor out: labels are drawn at random, the threshold is set on them, and the rest tells whether the promise held.
 */
public final class FloorTrial {

    /**
     * What came of the draws.
     *
     * @param router whose scores the thresholds cut
     * @param method how thresholds were set
     * @param margin the promised loss
     * @param delta how often the promise may fail
     * @param labels drawn for calibration
     * @param draws how many
     * @param broken the share of draws with a loss above the margin on the prompts not drawn
     * @param brokenBeyondNoise the share with a loss above it by more than 1.645 standard errors of that measurement
     * @param loss the mean loss
     * @param strongShare the mean share of strong calls
     * @param losses of each draw, on the prompts not drawn
     */
    public record Result(String router, FloorControl.Method method, double margin, double delta, int labels, int draws,
            double broken,
            double brokenBeyondNoise, double loss, double strongShare, List<Double> losses) {

        public Result {
            losses = List.copyOf(losses);
        }
    }

    private final String router;
    private final double[] scores;
    private final double[] strong;
    private final double[] weak;

    /** @param router whose scores these are */
    public FloorTrial(String router, double[] scores, double[] strong, double[] weak) {
        this.router = router;
        this.scores = scores.clone();
        this.strong = strong.clone();
        this.weak = weak.clone();
    }

    /**
     * @param labels how many prompts calibrate; the others test
     */
    public Result run(FloorControl.Method method, double margin, double delta, int labels, int draws, long seed) {
        int n = scores.length;
        if (labels < 1 || labels >= n) {
            throw new IllegalArgumentException(
                    "of " + n + " prompts " + labels + " cannot calibrate with some left to test");
        }
        FloorControl control = new FloorControl(margin, delta);
        Random random = new Random(seed);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        double broken = 0;
        double beyond = 0;
        double losses = 0;
        List<Double> each = new ArrayList<>(draws);
        double shares = 0;
        for (int draw = 0; draw < draws; draw++) {
            for (int i = 0; i < labels; i++) {
                int j = i + random.nextInt(n - i);
                int swap = order[i];
                order[i] = order[j];
                order[j] = swap;
            }
            double below = switch (control.threshold(method, pick(scores, order, labels), pick(strong, order, labels),
                    pick(weak, order, labels))) {
                case FloorControl.Safe safe -> safe.below();
                case FloorControl.TooFewLabels _ -> Double.NEGATIVE_INFINITY;
            };
            double sum = 0;
            double squares = 0;
            int escalated = 0;
            for (int i = labels; i < n; i++) {
                int row = order[i];
                if (scores[row] < below) {
                    double loss = Math.max(0, strong[row] - weak[row]);
                    sum += loss;
                    squares += loss * loss;
                } else {
                    escalated++;
                }
            }
            int test = n - labels;
            double mean = sum / test;
            double error = Math.sqrt(Math.max(0, squares / test - mean * mean) / test);
            broken += mean > margin ? 1 : 0;
            beyond += mean > margin + 1.645 * error ? 1 : 0;
            losses += mean;
            each.add(mean);
            shares += (double) escalated / test;
        }
        return new Result(router, method, margin, delta, labels, draws, broken / draws, beyond / draws, losses / draws,
                shares / draws, each);
    }

    private static double[] pick(double[] values, int[] order, int count) {
        double[] picked = new double[count];
        for (int i = 0; i < count; i++) {
            picked[i] = values[order[i]];
        }
        return picked;
    }
}
