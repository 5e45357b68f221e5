package dev.pareto.evals.stats;

/**
 * Count, mean and spread of one series, one value at a time (Welford 1962) and mergeable (Chan, Golub &amp; LeVeque 1983), so
 * that a stream needs no memory and loses no digits. Immutable.
 *
 * @param n number of values
 * @param mean of the values, 0 before the first
 * @param squaredDistances sum of squared distances from the mean
 */
public record Sample(long n, double mean, double squaredDistances) {

    /** Nothing seen. */
    public static final Sample EMPTY = new Sample(0, 0, 0);

    /** Checks a state that may come from a store. */
    public Sample {
        if (n < 0 || !Double.isFinite(mean) || !(squaredDistances >= 0) || (n < 2 && squaredDistances > 0)) {
            throw new IllegalArgumentException(
                    "no sample has n = " + n + ", mean = " + mean + ", squares = " + squaredDistances);
        }
    }

    /** All values of a series. */
    public static Sample of(double... values) {
        return values.length == 0
                ? EMPTY
                : new Sample(values.length, Moments.mean(values),
                        values.length < 2 ? 0 : Moments.squaredDistances(values));
    }

    /** With one more value. */
    public Sample add(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a value must be finite, is " + value);
        }
        double distance = value - mean;
        double next = mean + distance / (n + 1);
        return new Sample(n + 1, next, n == 0 ? 0 : squaredDistances + distance * (value - next));
    }

    /** Both series as one. */
    public Sample merge(Sample other) {
        if (n == 0 || other.n == 0) {
            return n == 0 ? other : this;
        }
        double total = (double) n + other.n;
        double distance = other.mean - mean;
        return new Sample(n + other.n, mean + distance * (other.n / total),
                squaredDistances + other.squaredDistances + distance * distance * (n / total) * other.n);
    }

    /** With n in the denominator; 0 for fewer than two values. */
    public double populationVariance() {
        return n == 0 ? 0 : squaredDistances / n;
    }

    /** With n-1 in the denominator; refuses fewer than two values. */
    public double variance() {
        if (n < 2) {
            throw new IllegalArgumentException("a variance needs at least 2 values, has " + n);
        }
        return squaredDistances / (n - 1);
    }
}
