package dev.pareto.dashboards.forecast;

import java.util.Arrays;

/** On which scale errors are alike: spend that never comes near zero varies by factors, other spend by amounts. */
enum Scale {
    LINEAR {
        @Override
        double to(double amount) {
            return amount;
        }

        @Override
        double from(double value) {
            return Math.max(0, value);
        }
    },
    LOG {
        @Override
        double to(double amount) {
            return Math.log(amount);
        }

        @Override
        double from(double value) {
            return Math.exp(value);
        }
    };

    /** Below this part of the median day a logarithm would tell of little but quiet days. */
    private static final double NEAR_ZERO = 0.02;
    /** Beyond this usual step from week to week, and thrice it one time in ten, as a logarithm, the mean of what a logarithm foretells is ruled by its rarest futures. */
    private static final double UNSTEADY = 0.4;

    abstract double to(double amount);

    abstract double from(double value);

    static Scale of(double[] days) {
        double[] sorted = days.clone();
        Arrays.sort(sorted);
        return sorted[0] > NEAR_ZERO * sorted[sorted.length / 2] && sorted[0] > 0 && steady(days) ? LOG : LINEAR;
    }

    private static boolean steady(double[] days) {
        double[] steps = new double[days.length - Smoothing.SEASON];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = Math.abs(Math.log(days[i + Smoothing.SEASON] / days[i]));
        }
        Arrays.sort(steps);
        return steps[steps.length / 2] < UNSTEADY && steps[steps.length * 9 / 10] < 3 * UNSTEADY;
    }
}
