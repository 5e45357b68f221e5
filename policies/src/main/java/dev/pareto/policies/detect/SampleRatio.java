package dev.pareto.policies.detect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Is traffic split as configured? The sequential sample-ratio test of Lindon &amp; Malek 2022 (arXiv 2011.03567): a Dirichlet
 * mixture against the configured shares, which may be looked at after every assignment. A mismatch says that something drops
 * or doubles requests of one arm, so the comparison of the arms means nothing.
 *
 * @param shares configured share of each arm, positive, summing to 1
 * @param counts requests assigned to each arm so far
 */
public record SampleRatio(List<Double> shares, List<Long> counts) {

    /** A mismatch that chance would show once in a thousand experiments, however often it is looked at. */
    public static final double ALPHA = 0.001;

    /** How many assignments the prior that the split is right is worth. */
    private static final double CONCENTRATION = 100;
    private static final double ROUNDING = 1e-9;
    /** From here on the series below is exact to double precision. */
    private static final double LARGE = 16;

    /** Copies and checks. */
    public SampleRatio {
        shares = List.copyOf(shares);
        counts = List.copyOf(counts);
        double sum = 0;
        for (double share : shares) {
            if (!(share > 0)) {
                throw new IllegalArgumentException("each share must be positive, one is " + share
                        + "; leave out arms that get no traffic");
            }
            sum += share;
        }
        if (shares.size() < 2 || Math.abs(sum - 1) > ROUNDING) {
            throw new IllegalArgumentException("need two or more shares that sum to 1, have " + shares);
        }
        if (counts.size() != shares.size() || counts.stream().anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException(
                    "need one count >= 0 for each of " + shares.size() + " arms, have " + counts);
        }
    }

    /** Nothing assigned yet. */
    public static SampleRatio of(List<Double> shares) {
        return new SampleRatio(shares, Collections.nCopies(shares.size(), 0L));
    }

    /** One more request went to {@code arm}, counted from 0. */
    public SampleRatio add(int arm) {
        List<Long> next = new ArrayList<>(counts);
        next.set(arm, Math.addExact(next.get(arm), 1));
        return new SampleRatio(shares, next);
    }

    /** All requests so far. */
    public long n() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Whether the evidence now against the configured split is as strong as 1/alpha. Over all looks together this happens by
     * chance with a probability of at most alpha; a caller that looks again keeps the first "yes".
     */
    public boolean mismatch(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha " + alpha + " is not within (0, 1)");
        }
        return logBayesFactor() >= -Math.log(alpha);
    }

    /**
     * Log of the evidence against the configured split; 0 before the first request. The ratio of gamma functions is written
     * out by Stirling's formula so that the terms of size n cancel on paper: at a million requests their difference would
     * keep only eight digits.
     */
    public double logBayesFactor() {
        double seen = CONCENTRATION + n();
        double log = Math.log(seen / CONCENTRATION) / 2 - stirling(seen) + stirling(CONCENTRATION);
        for (int arm = 0; arm < shares.size(); arm++) {
            double prior = CONCENTRATION * shares.get(arm);
            double posterior = prior + counts.get(arm);
            log += deviance(posterior, seen * shares.get(arm)) - Math.log(posterior / prior) / 2 + stirling(posterior)
                    - stirling(prior);
        }
        return log;
    }

    /** x ln(x/m) - x + m, which is 0 at x = m. */
    private static double deviance(double x, double mean) {
        double relative = (x - mean) / mean;
        return mean * ((1 + relative) * Math.log1p(relative) - relative);
    }

    /** ln Gamma(x) less (x - 1/2) ln x - x + ln(2 pi)/2, for positive x (Abramowitz &amp; Stegun 6.1.41). */
    private static double stirling(double x) {
        double sum = 0;
        double z = x;
        while (z < LARGE) {
            sum += (z + 0.5) * Math.log1p(1 / z) - 1;
            z++;
        }
        double square = 1 / (z * z);
        return sum + (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))))
                / z;
    }
}
