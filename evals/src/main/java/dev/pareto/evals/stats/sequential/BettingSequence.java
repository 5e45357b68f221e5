package dev.pareto.evals.stats.sequential;

import java.util.Arrays;

import dev.pareto.evals.stats.Bisection;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Quantiles;

/**
 * The hedged-capital betting sequence (Waudby-Smith &amp; Ramdas 2024, JRSS-B 86:1, theorem 3): all means that half of the
 * capital bet upwards and half bet downwards have not refuted. The tightest of the family, at the price of remembering every
 * observation. Not thread-safe.
 */
public final class BettingSequence {

    private final double threshold;
    private final PlugInStakes stakes;
    private double[] observations = new double[64];
    private double[] sizes = new double[64];
    private int n;

    /** An interval that ever misses with a probability of at most {@code alpha}. */
    public BettingSequence(double alpha) {
        Quantiles.requireAlpha(alpha);
        this.threshold = Math.log(2 / alpha);
        this.stakes = new PlugInStakes(alpha / 2);
    }

    /** Takes the next observation, within [0, 1]. */
    public void add(double x) {
        PlugInStakes.requireUnit(x);
        if (n == observations.length) {
            observations = Arrays.copyOf(observations, 2 * n);
            sizes = Arrays.copyOf(sizes, 2 * n);
        }
        observations[n] = x;
        sizes[n] = stakes.next();
        n++;
        stakes.add(x);
    }

    /** The interval for the mean now; one pass over the observations for each of about sixty halvings. */
    public Interval interval() {
        double lower = refutes(0, false) ? Bisection.last(0, 1, mean -> refutes(mean, false)) : 0;
        double upper = refutes(0, true) ? 1 - Bisection.last(0, 1, mean -> refutes(mean, true)) : 1;
        return new Interval(Math.min(lower, upper), Math.max(lower, upper));
    }

    /** Whether bets above {@code mean} have won enough; mirrored, whether those below {@code 1 - mean} have. */
    private boolean refutes(double mean, boolean mirrored) {
        double cap = BettingProcess.LARGEST_LOSS / mean;
        double log = 0;
        for (int i = 0; i < n; i++) {
            double x = mirrored ? 1 - observations[i] : observations[i];
            log += Math.log1p(Math.min(sizes[i], cap) * (x - mean));
        }
        return log >= threshold;
    }
}
