package dev.pareto.evals.stats;

/** Mean and variance in two passes, which loses no digits to cancellation. */
final class Moments {

    private Moments() {}

    static double mean(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    static double sampleVariance(double[] values) {
        return sampleCovariance(values, values);
    }

    static double sampleCovariance(double[] first, double[] second) {
        if (first.length != second.length || first.length < 2) {
            throw new IllegalArgumentException("need two equally long series of at least 2 values");
        }
        double meanFirst = mean(first);
        double meanSecond = mean(second);
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += (first[i] - meanFirst) * (second[i] - meanSecond);
        }
        return sum / (first.length - 1);
    }
}
