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

    abstract double to(double amount);

    abstract double from(double value);

    static Scale of(double[] days) {
        double[] sorted = days.clone();
        Arrays.sort(sorted);
        return sorted[0] > NEAR_ZERO * sorted[sorted.length / 2] && sorted[0] > 0 ? LOG : LINEAR;
    }
}
