package dev.pareto.dashboards.forecast;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The days ahead, in many possible courses. Immutable. */
public final class Projection {

    private final double[][] paths;
    private final int horizon;

    private Projection(double[][] paths, int horizon) {
        this.paths = paths;
        this.horizon = horizon;
    }

    /**
     * By Holt-Winters, its own errors drawn again.
     *
     * @param days whole days' sums, oldest first; at least three weeks
     * @param seed the same seed gives the same figures
     */
    public static Projection of(double[] days, int horizon, int paths, long seed) {
        return new Projection(HoltWinters.fit(days).paths(paths, horizon, new SplittableRandom(seed)), horizon);
    }

    public int horizon() {
        return horizon;
    }

    /** One day ahead, counted from 0. */
    public Band day(int day) {
        return Band.of(Arrays.stream(paths).mapToDouble(path -> path[day]).toArray());
    }

    /**
     * The sum over days ahead.
     *
     * @param known what the first of them has cost already: it will cost at least that
     */
    public Band sum(int days, double known) {
        return Band.of(sums(days, known));
    }

    /** The probability that the sum over days ahead goes beyond a limit. */
    public double beyond(int days, double known, double limit) {
        return Arrays.stream(sums(days, known)).filter(sum -> sum > limit).count() / (double) paths.length;
    }

    /**
     * When the days ahead have spent a remainder.
     *
     * @param known what the first of them has cost already; it is no part of the remainder
     */
    public RunOut runOut(double known, double remainder) {
        return RunOut.of(Arrays.stream(paths).mapToInt(path -> {
            double sum = 0;
            for (int day = 0; day < horizon; day++) {
                sum += day == 0 ? Math.max(0, path[0] - known) : path[day];
                if (sum > remainder) {
                    return day;
                }
            }
            return Integer.MAX_VALUE;
        }).toArray());
    }

    private double[] sums(int days, double known) {
        return Arrays.stream(paths).mapToDouble(path -> {
            double sum = 0;
            for (int day = 0; day < days; day++) {
                sum += day == 0 ? Math.max(known, path[0]) : path[day];
            }
            return sum;
        }).toArray();
    }
}
