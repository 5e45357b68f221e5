package dev.pareto.policies.detect;

/**
 * Watches one stream for a lasting change to the worse: an e-detector (Shin, Ramdas and Rinaldo, arXiv 2203.03532). While nothing is
 * wrong it takes at least A observations on average until the statistic first reaches A, whatever the distribution. Immutable, and a
 * state of its own: what still is good is told with every observation, so that a changed limit needs no new start.
 */
public sealed interface Detector permits RateDetector, PairDetector {

    /** Observations so far. */
    long seen();

    /** Natural logarithm of the statistic; minus infinity before the first observation. */
    double logStatistic();
}
