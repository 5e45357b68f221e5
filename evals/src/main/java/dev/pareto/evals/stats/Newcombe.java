package dev.pareto.evals.stats;

/**
 * Newcombe's square-and-add intervals for a difference of proportions (Newcombe 1998, Stat. Med. 17:873 and 17:2635).
 */
public final class Newcombe {

    private Newcombe() {}

    /** Method 10 for paired proportions: Wilson limits joined with a corrected correlation. */
    public static Interval paired(PairedTable table, double confidence) {
        int n = table.n();
        int passedByCandidate = table.both() + table.onlyCandidate();
        int passedByIncumbent = table.both() + table.onlyIncumbent();
        double p1 = table.candidateRate();
        double p2 = table.incumbentRate();
        Interval w1 = Wilson.interval(passedByCandidate, n, confidence);
        Interval w2 = Wilson.interval(passedByIncumbent, n, confidence);
        double psi = correlation(table);
        double difference = p1 - p2;
        return new Interval(difference - joined(p1 - w1.lower(), w2.upper() - p2, psi),
                difference + joined(p2 - w2.lower(), w1.upper() - p1, psi));
    }

    /** Method 10 of 1998a for independent proportions: {@code x1} of {@code n1} minus {@code x2} of {@code n2}. */
    public static Interval independent(int x1, int n1, int x2, int n2, double confidence) {
        Interval w1 = Wilson.interval(x1, n1, confidence);
        Interval w2 = Wilson.interval(x2, n2, confidence);
        double p1 = (double) x1 / n1;
        double p2 = (double) x2 / n2;
        return new Interval(p1 - p2 - joined(p1 - w1.lower(), w2.upper() - p2, 0),
                p1 - p2 + joined(w1.upper() - p1, p2 - w2.lower(), 0));
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
