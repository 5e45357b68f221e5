package dev.pareto.dashboards.forecast;

import java.util.Arrays;

/**
 * Exponential smoothing with a damped trend and an additive weekly season, in the error-correction form ETS(A,Ad,A) of Hyndman,
 * Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing" (2008), after Holt and Winters. One run over a series; not for
 * two threads.
 */
final class Smoothing {

    static final int SEASON = 7;

    private final Weights weights;
    private final double[] season;
    private double level;
    private double trend;
    private int day;

    /**
     * How fast each part follows an error.
     *
     * @param damping what is left of the trend after a day; 1 keeps it for ever, with 0 there is none
     */
    record Weights(double level, double trend, double season, double damping) {}

    private Smoothing(Weights weights, double level, double trend, double[] season, int day) {
        this.weights = weights;
        this.level = level;
        this.trend = trend;
        this.season = season;
        this.day = day;
    }

    /**
     * Before the first day of a series of at least two weeks; level, trend and season come from its first weeks, a trend
     * only as far as it is more than chance.
     */
    static Smoothing before(double[] days, Weights weights) {
        int weeks = Math.min(days.length / SEASON, 4);
        double[] means = new double[weeks];
        for (int week = 0; week < weeks; week++) {
            means[week] = Arrays.stream(days, week * SEASON, (week + 1) * SEASON).average().orElseThrow();
        }
        double slope = slope(means) * certain(days, means) / SEASON;
        double[] season = new double[SEASON];
        for (int i = 0; i < weeks * SEASON; i++) {
            int inWeek = i % SEASON;
            season[inWeek] += (days[i] - means[i / SEASON] - slope * (inWeek - SEASON / 2)) / weeks;
        }
        double middle = Arrays.stream(means).average().orElseThrow() - slope * SEASON * (weeks - 1) / 2.0;
        return new Smoothing(weights, middle - slope * (SEASON / 2 + 1), slope, season, 0);
    }

    Smoothing copy() {
        return new Smoothing(weights, level, trend, season.clone(), day);
    }

    /** What the next day should be. */
    double next() {
        return level + weights.damping() * trend + season[day % SEASON];
    }

    /** Goes on by a day that differed from {@link #next} by so much. */
    void learn(double error) {
        double damped = weights.damping() * trend;
        level += damped + weights.level() * error;
        trend = damped + weights.trend() * error;
        season[day % SEASON] += weights.season() * error;
        day++;
    }

    /** How much of the slope is more than chance among days would make (James and Stein's positive part), 0 to 1. */
    private static double certain(double[] days, double[] means) {
        double[] season = new double[SEASON];
        for (int i = 0; i < means.length * SEASON; i++) {
            season[i % SEASON] += (days[i] - means[i / SEASON]) / means.length;
        }
        double squares = 0;
        for (int i = 0; i < means.length * SEASON; i++) {
            double error = days[i] - means[i / SEASON] - season[i % SEASON];
            squares += error * error;
        }
        double ofMean = squares / ((means.length - 1) * (SEASON - 1.0)) / SEASON;
        double spread = means.length * (means.length * means.length - 1) / 12.0;
        double slope = slope(means);
        return slope == 0 ? 0 : Math.max(0, 1 - ofMean / spread / (slope * slope));
    }

    private static double slope(double[] means) {
        double centre = (means.length - 1) / 2.0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < means.length; i++) {
            products += (i - centre) * means[i];
            squares += (i - centre) * (i - centre);
        }
        return squares == 0 ? 0 : products / squares;
    }
}
