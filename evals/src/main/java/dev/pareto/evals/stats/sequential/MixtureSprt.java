package dev.pareto.evals.stats.sequential;

/**
 * The mixture sequential probability ratio test for a mean (Johari, Pekelis &amp; Walsh 2022, Oper. Res. 70:1806): two-sided, for
 * roughly normal data of known variance. For two streams feed differences, whose variance is twice that of one. Not thread-safe.
 */
public final class MixtureSprt {

    private final double hypothesis;
    private final double variance;
    private final double mixingVariance;
    private long n;
    private double sum;
    private double highest;

    /**
     * Tests "the mean is {@code hypothesis}".
     *
     * @param variance of one observation
     * @param mixingVariance of the effects one expects, around the hypothesis
     */
    public MixtureSprt(double hypothesis, double variance, double mixingVariance) {
        if (!Double.isFinite(hypothesis) || !(variance > 0 && variance < Double.POSITIVE_INFINITY)
                || !(mixingVariance > 0 && mixingVariance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "need a finite hypothesis and positive variances, have " + hypothesis + ", "
                            + variance + " and " + mixingVariance);
        }
        this.hypothesis = hypothesis;
        this.variance = variance;
        this.mixingVariance = mixingVariance;
    }

    /** Takes the next observation. */
    public void add(double x) {
        if (!Double.isFinite(x)) {
            throw new IllegalArgumentException("an observation must be finite, is " + x);
        }
        n++;
        sum += x - hypothesis;
        highest = Math.max(highest, logLikelihoodRatio());
    }

    /** Log of the evidence against the hypothesis. */
    public double logLikelihoodRatio() {
        double total = variance + n * mixingVariance;
        return -Math.log1p(n * mixingVariance / variance) / 2 + mixingVariance * sum * sum / (2 * variance * total);
    }

    /** A p value that is valid at whatever moment one stopped. */
    public double alwaysValidP() {
        return Math.exp(-highest);
    }
}
