package dev.pareto.policies.swap.guard;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Shiryaev–Roberts e-detector of a rise in the mean of a stream in [0, 1]: M ← (M + 1)(1 + λ(x − p0)), averaged over a few bets λ.
 * While E[x | past] ≤ p0 it takes at least A observations on average until the statistic first reaches A, whatever the distribution
 * (Shin, Ramdas and Rinaldo, arXiv 2203.03532). Immutable.
 *
 * @param seen observations so far
 * @param logs ln(1 + M) of each bet, which starts at 0 and never overflows
 */
public record EDetector(long seen, List<Double> logs) {

    public EDetector {
        logs = List.copyOf(logs);
        if (logs.isEmpty()) {
            throw new IllegalArgumentException("an e-detector needs at least one bet");
        }
    }

    /** Has seen nothing yet. */
    public static EDetector fresh(int bets) {
        return new EDetector(0, Collections.nCopies(bets, 0.0));
    }

    /**
     * One observation more. With x of 0 and 1 a bet's factor is the likelihood ratio of its rate to {@code p0}.
     *
     * @param x from 0 (good) to 1 (bad)
     * @param p0 the mean that is still good, above 0 and below 1
     * @param rates the means that the bets look for, each above {@code p0} and below 1
     */
    public EDetector next(double x, double p0, List<Double> rates) {
        if (!(x >= 0 && x <= 1)) {
            throw new IllegalArgumentException("an observation is between 0 and 1, got " + x);
        }
        List<Double> before = rates.size() == logs.size() ? logs : fresh(rates.size()).logs;
        List<Double> after = new ArrayList<>(rates.size());
        for (int i = 0; i < rates.size(); i++) {
            double lambda = (rates.get(i) - p0) / (p0 * (1 - p0));
            after.add(logOnePlusExp(before.get(i) + Math.log1p(lambda * (x - p0))));
        }
        return new EDetector(seen + 1, after);
    }

    /** ln of the average M; minus infinity before the first observation. */
    public double logStatistic() {
        double most = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            most = Math.max(most, logOf(log));
        }
        if (most == Double.NEGATIVE_INFINITY) {
            return most;
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(logOf(log) - most);
        }
        return most + Math.log(sum / logs.size());
    }

    /** ln M from ln(1 + M). */
    private static double logOf(double log) {
        return log <= 0 ? Double.NEGATIVE_INFINITY : log + Math.log(-Math.expm1(-log));
    }

    static double logOnePlusExp(double log) {
        return log > 0 ? log + Math.log1p(Math.exp(-log)) : Math.log1p(Math.exp(log));
    }
}
