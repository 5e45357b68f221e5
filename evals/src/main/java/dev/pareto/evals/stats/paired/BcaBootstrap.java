package dev.pareto.evals.stats.paired;

import java.util.Arrays;
import java.util.random.RandomGenerator;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * The bias-corrected and accelerated bootstrap of a mean difference (Efron 1987, JASA 82:171), for scores too skewed for
 * Student's t. The acceleration is the jackknife's, which for a mean has a closed form.
 */
public final class BcaBootstrap {

    /** Enough for the ends of a 95 % interval to be steady; fewer are refused. */
    public static final int FEWEST_RESAMPLES = 1_000;

    /** Means that differ by less than this share of the scale are the same mean, added up in another order. */
    private static final double TIE = 1e-12;

    private final double[] means;
    private final double bias;
    private final double acceleration;

    private BcaBootstrap(double[] means, double bias, double acceleration) {
        this.means = means;
        this.bias = bias;
        this.acceleration = acceleration;
    }

    /**
     * Resamples two or more differences; the same generator state gives the same interval. An index is {@code nextDouble} times their
     * number, which is easy to repeat elsewhere.
     */
    public static BcaBootstrap of(double[] differences, int resamples, RandomGenerator random) {
        int n = differences.length;
        if (n < 2 || resamples < FEWEST_RESAMPLES) {
            throw new IllegalArgumentException("need at least 2 differences and " + FEWEST_RESAMPLES
                    + " resamples, have " + n + " and " + resamples);
        }
        double mean = Moments.mean(differences);
        double scale = 0;
        double squares = 0;
        double cubes = 0;
        for (double difference : differences) {
            double distance = difference - mean;
            scale = Math.max(scale, Math.abs(difference));
            squares += distance * distance;
            cubes += distance * distance * distance;
        }
        double[] means = new double[resamples];
        double below = 0;
        for (int i = 0; i < resamples; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += differences[(int) (random.nextDouble() * n)];
            }
            means[i] = sum / n;
            double distance = means[i] - mean;
            below += Math.abs(distance) <= TIE * scale ? 0.5 : distance < 0 ? 1 : 0;
        }
        Arrays.sort(means);
        double share = Math.clamp(below, 0.5, resamples - 0.5) / resamples;
        return new BcaBootstrap(means, -Quantiles.normalTail(share),
                squares == 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares)));
    }

    /** Two-sided interval, corrected for bias and skewness. */
    public Interval interval(double confidence) {
        double z = Quantiles.twoSidedNormal(confidence);
        return new Interval(percentile(corrected(-z)), percentile(corrected(z)));
    }

    /** Two-sided interval of plain percentiles. */
    public Interval percentileInterval(double confidence) {
        double z = Quantiles.twoSidedNormal(confidence);
        return new Interval(percentile(Quantiles.normalCumulative(-z)), percentile(Quantiles.normalCumulative(z)));
    }

    /** Standard deviation of the resampled means. */
    public double standardError() {
        return Math.sqrt(Moments.sampleVariance(means));
    }

    /** By how many standard deviations the resampled means' median lies above the mean. */
    public double bias() {
        return bias;
    }

    /** How fast the standard error changes with the mean; 0 for symmetric differences. */
    public double acceleration() {
        return acceleration;
    }

    private double corrected(double z) {
        double shifted = bias + z;
        double scale = 1 - acceleration * shifted;
        // past the pole of the correction lies the end of the range
        return scale <= 0 ? (shifted > 0 ? 1 : 0) : Quantiles.normalCumulative(bias + shifted / scale);
    }

    /** Linear between neighbouring means. */
    private double percentile(double share) {
        double position = share * (means.length - 1);
        int index = Math.min((int) position, means.length - 2);
        return means[index] + (position - index) * (means[index + 1] - means[index]);
    }
}
