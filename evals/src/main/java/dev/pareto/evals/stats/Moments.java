package dev.pareto.evals.stats;

/** Mean and variance in two passes, which loses no digits to cancellation. Refuses NaN and infinite values. */
public final class Moments {

    private Moments() {}

    /** Arithmetic mean of at least one value, corrected by what rounding left over: values all alike have exactly that mean. */
    public static double mean(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("value " + i + " is " + values[i]
                        + "; leave out what was not measured, or score it");
            }
            sum += values[i];
        }
        double rough = sum / values.length;
        double rest = 0;
        for (double value : values) {
            rest += value - rough;
        }
        return rough + rest / values.length;
    }

    /** Sum of squared distances from the mean; never negative. */
    public static double squaredDistances(double[] values) {
        return products(values, values);
    }

    /** With n-1 in the denominator; needs two values. */
    public static double sampleVariance(double[] values) {
        return sampleCovariance(values, values);
    }

    /** With n in the denominator. */
    public static double populationVariance(double[] values) {
        return products(values, values) / values.length;
    }

    /** Of values at the same index, with n-1 in the denominator; needs two of each. */
    public static double sampleCovariance(double[] first, double[] second) {
        if (first.length < 2) {
            throw new IllegalArgumentException("a variance needs at least 2 values, has " + first.length);
        }
        return products(first, second) / (first.length - 1);
    }

    /** Sum over the index of the products of both distances from the mean. */
    public static double products(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "the series have " + first.length + " and " + second.length + " values, must be equally long");
        }
        double meanFirst = mean(first);
        double meanSecond = mean(second);
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += (first[i] - meanFirst) * (second[i] - meanSecond);
        }
        return sum;
    }
}
