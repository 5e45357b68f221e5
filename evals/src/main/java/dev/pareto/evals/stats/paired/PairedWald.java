package dev.pareto.evals.stats.paired;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Quantiles;

/**
 * Closed-form intervals for the difference of paired proportions, for comparison with Tango's only: Wald's is too
 * short when few items are discordant.
 */
public final class PairedWald {

    private PairedWald() {}

    /** The textbook Wald interval. */
    public static Interval interval(PairedTable table, double confidence) {
        double difference = table.difference();
        double share = (double) table.discordant() / table.n();
        double half = Quantiles.twoSidedNormal(confidence)
                * Math.sqrt((share - difference * difference) / table.n());
        return new Interval(difference - half, difference + half);
    }

    /** Wald's interval after adding one to each discordant cell (Bonett &amp; Price 2012, JEBS 37:479). */
    public static Interval bonettPrice(PairedTable table, double confidence) {
        double n = table.n() + 2.0;
        double candidate = (table.onlyCandidate() + 1) / n;
        double incumbent = (table.onlyIncumbent() + 1) / n;
        double difference = candidate - incumbent;
        double half = Quantiles.twoSidedNormal(confidence)
                * Math.sqrt((candidate + incumbent - difference * difference) / n);
        return new Interval(Math.max(-1, difference - half), Math.min(1, difference + half));
    }
}
