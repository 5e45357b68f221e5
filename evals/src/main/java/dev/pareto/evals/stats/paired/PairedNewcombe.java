package dev.pareto.evals.stats.paired;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Wilson;

/**
 * Newcombe's square-and-add interval for a difference of paired proportions (Newcombe 1998, Stat. Med. 17:2635, method 10):
 * Wilson limits joined with a corrected correlation. The second opinion beside Tango's.
 */
public final class PairedNewcombe {

    private PairedNewcombe() {}

    /** Two-sided interval for candidate minus incumbent. */
    public static Interval interval(PairedTable table, double confidence) {
        int n = table.n();
        double p1 = table.candidateRate();
        double p2 = table.incumbentRate();
        Interval w1 = Wilson.interval(table.both() + table.onlyCandidate(), n, confidence);
        Interval w2 = Wilson.interval(table.both() + table.onlyIncumbent(), n, confidence);
        double psi = correlation(table);
        double difference = p1 - p2;
        return new Interval(difference - joined(p1 - w1.lower(), w2.upper() - p2, psi),
                difference + joined(p2 - w2.lower(), w1.upper() - p1, psi));
    }

    private static double joined(double first, double second, double psi) {
        return Math.sqrt(Math.max(0, first * first + second * second - 2 * psi * first * second));
    }

    private static double correlation(PairedTable t) {
        double product = ((double) t.both() + t.onlyCandidate()) * ((double) t.onlyIncumbent() + t.neither())
                * ((double) t.both() + t.onlyIncumbent()) * ((double) t.onlyCandidate() + t.neither());
        if (product == 0) {
            return 0;
        }
        double cross = (double) t.both() * t.neither() - (double) t.onlyCandidate() * t.onlyIncumbent();
        double half = t.n() / 2.0;
        if (cross > half) {
            return (cross - half) / Math.sqrt(product);
        }
        return cross >= 0 ? 0 : cross / Math.sqrt(product);
    }
}
