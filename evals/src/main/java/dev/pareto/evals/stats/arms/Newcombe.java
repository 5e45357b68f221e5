package dev.pareto.evals.stats.arms;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Wilson;

/** Newcombe's square-and-add interval for a difference of independent proportions (Newcombe 1998, Stat. Med. 17:873). */
public final class Newcombe {

    private Newcombe() {}

    /** Method 10: {@code x1} of {@code n1} minus {@code x2} of {@code n2}. */
    public static Interval interval(int x1, int n1, int x2, int n2, double confidence) {
        Interval w1 = Wilson.interval(x1, n1, confidence);
        Interval w2 = Wilson.interval(x2, n2, confidence);
        double p1 = (double) x1 / n1;
        double p2 = (double) x2 / n2;
        return new Interval(p1 - p2 - Math.hypot(p1 - w1.lower(), w2.upper() - p2),
                p1 - p2 + Math.hypot(w1.upper() - p1, p2 - w2.lower()));
    }
}
