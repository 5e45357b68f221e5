package dev.pareto.evals.check;

import java.util.Arrays;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** The accelerated bootstrap of a mean with the generator that the verdict names, written out: SplitMix64 (Steele, Lea &amp; Flood 2014). */
final class Resampling {

    private long state;

    private Resampling(long seed) {
        this.state = seed;
    }

    /** Of the values in ascending order, so many times. */
    static SecondOpinion.Range bca(double[] values, int resamples, long seed, double confidence) {
        double[] d = values.clone();
        Arrays.sort(d);
        double mean = SecondOpinion.mean(d);
        double[] means = new Resampling(seed).means(d, resamples);
        double scale = Math.max(Math.abs(d[0]), Math.abs(d[d.length - 1]));
        double ties = Arrays.stream(means).filter(m -> Math.abs(m - mean) <= 1e-12 * scale).count();
        double below = Arrays.stream(means).filter(m -> m - mean < -1e-12 * scale).count() + ties / 2;
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double bias = normal.inverseCumulativeProbability(
                Math.min(Math.max(below, 0.5), resamples - 0.5) / resamples);
        double skew = acceleration(d, mean);
        double z = normal.inverseSurvivalProbability((1 - confidence) / 2);
        return new SecondOpinion.Range(percentile(means, share(bias, skew, -z)),
                percentile(means, share(bias, skew, z)));
    }

    /** By the jackknife: each value left out once. */
    private static double acceleration(double[] d, double mean) {
        double squares = 0;
        double cubes = 0;
        for (double value : d) {
            double without = (mean * d.length - value) / (d.length - 1);
            squares += Math.pow(mean - without, 2);
            cubes += Math.pow(mean - without, 3);
        }
        return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
    }

    private static double share(double bias, double skew, double z) {
        double moved = bias + z;
        if (1 - skew * moved <= 0) {
            return moved > 0 ? 1 : 0;
        }
        return NormalDistribution.of(0, 1).cumulativeProbability(bias + moved / (1 - skew * moved));
    }

    private double[] means(double[] d, int resamples) {
        double[] means = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            double sum = 0;
            for (int j = 0; j < d.length; j++) {
                sum += d[(int) ((next() >>> 11) * 0x1.0p-53 * d.length)];
            }
            means[i] = sum / d.length;
        }
        Arrays.sort(means);
        return means;
    }

    private long next() {
        state += 0x9e3779b97f4a7c15L;
        long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    private static double percentile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        return below >= sorted.length - 1
                ? sorted[sorted.length - 1]
                : sorted[below] * (1 - (place - below)) + sorted[below + 1] * (place - below);
    }
}
