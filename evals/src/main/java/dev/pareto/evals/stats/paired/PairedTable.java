package dev.pareto.evals.stats.paired;

/**
 * Pass or fail of two models on the same items. The difference is candidate minus incumbent throughout.
 *
 * @param both items that both models pass
 * @param onlyCandidate items that only the candidate passes
 * @param onlyIncumbent items that only the incumbent passes
 * @param neither items that both models fail
 */
public record PairedTable(int both, int onlyCandidate, int onlyIncumbent, int neither) {

    /** Refuses negative cells and an empty table. */
    public PairedTable {
        if (both < 0 || onlyCandidate < 0 || onlyIncumbent < 0 || neither < 0) {
            throw new IllegalArgumentException("a cell is negative");
        }
        if (Math.addExact(Math.addExact(both, onlyCandidate), Math.addExact(onlyIncumbent, neither)) == 0) {
            throw new IllegalArgumentException("the table is empty");
        }
    }

    /** Number of items. */
    public int n() {
        return both + onlyCandidate + onlyIncumbent + neither;
    }

    /** Accuracy of the candidate minus accuracy of the incumbent. */
    public double difference() {
        return (double) (onlyCandidate - onlyIncumbent) / n();
    }

    /** Items on which exactly one model passes. */
    public int discordant() {
        return onlyCandidate + onlyIncumbent;
    }

    /** Share of the items that the candidate passes. */
    public double candidateRate() {
        return (double) (both + onlyCandidate) / n();
    }

    /** Share of the items that the incumbent passes. */
    public double incumbentRate() {
        return (double) (both + onlyIncumbent) / n();
    }
}
