package dev.pareto.dashboards.forecast;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Daily spend with a trend, quiet weekends and noise that lasts from one day into the next. */
final class MadeUpSpend {

    private static final double[] WEEK = {1.08, 1.12, 1.1, 1.06, 1.0, 0.42, 0.36};

    private MadeUpSpend() {}

    /** @param growth by day, e.g. 0.004 */
    static double[] of(int days, double growth, double noise, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        double[] spend = new double[days];
        double lasting = 0;
        for (int day = 0; day < days; day++) {
            lasting = 0.4 * lasting + noise * 0.6 * random.nextGaussian();
            spend[day] = 1_000 * Math.exp(growth * day + lasting + noise * random.nextGaussian())
                    * WEEK[day % WEEK.length];
        }
        return spend;
    }
}
