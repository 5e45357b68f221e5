package dev.pareto.evals.stats.sequential;

import dev.pareto.evals.stats.Bisection;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Quantiles;
import dev.pareto.evals.stats.Wilson;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * An interval for a pass rate that holds at every look: all rates that a beta mixture centred at them does not refute
 * (Howard, Ramdas, McAuliffe &amp; Sekhon 2021, Ann. Stat. 49:1055).
 */
public final class BernoulliSequence {

    private static final double OPTIMUM_ALPHA = 0.05;
    private static final double SMALLEST_PRIOR = 1e-3;

    private BernoulliSequence() {}

    /** Interval after {@code trials} that ever misses with a probability of at most {@code alpha}, tightest near {@code optimum}. */
    public static Interval interval(int successes, int trials, double alpha, double optimum) {
        Wilson.requireCounts(successes, trials);
        Quantiles.requireAlpha(alpha);
        if (!(optimum > 0 && optimum < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the optimum must be a positive number of trials, is " + optimum);
        }
        double prior = Math.max(optimum * UniformBoundary.rho(1, OPTIMUM_ALPHA) - 1, SMALLEST_PRIOR);
        return new Interval(lower(successes, trials, alpha, prior),
                1 - lower(trials - successes, trials, alpha, prior));
    }

    private static double lower(int successes, int trials, double alpha, double prior) {
        double threshold = -Math.log(alpha);
        return successes == 0
                ? 0
                : Bisection.last(0, (double) successes / trials,
                        rate -> rate == 0 || logMartingale(successes, trials, rate, prior) >= threshold);
    }

    private static double logMartingale(int successes, int trials, double rate, double prior) {
        double passes = prior * rate;
        double failures = prior * (1 - rate);
        return LogBeta.value(passes + successes, failures + trials - successes) - LogBeta.value(passes, failures)
                - successes * Math.log(rate) - (trials - successes) * Math.log1p(-rate);
    }
}
