package dev.pareto.evals.stats.paired;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * McNemar's test of "both models are equally good". Reported, never used to accept a candidate: not finding a
 * difference is not evidence that there is none.
 */
public final class McNemar {

    private static final ChiSquaredDistribution ONE_DEGREE = ChiSquaredDistribution.of(1);

    private McNemar() {}

    /**
     * Two-sided p values and statistics.
     *
     * @param exact exact binomial p
     * @param midP exact p less half of the observed probability on both sides (Lancaster 1961)
     * @param chiSquared (b-c)^2/(b+c)
     * @param chiSquaredP its p
     * @param correctedChiSquared with Edwards's continuity correction
     * @param correctedChiSquaredP its p
     */
    public record Result(double exact, double midP, double chiSquared, double chiSquaredP, double correctedChiSquared,
            double correctedChiSquaredP) {}

    /** Runs the test on the discordant counts; without any, every p is 1. */
    public static Result test(int onlyCandidate, int onlyIncumbent) {
        int discordant = discordant(onlyCandidate, onlyIncumbent);
        if (discordant == 0) {
            return new Result(1, 1, 0, 1, 0, 1);
        }
        BinomialDistribution fair = BinomialDistribution.of(discordant, 0.5);
        int fewer = Math.min(onlyCandidate, onlyIncumbent);
        double exact = Math.min(1, 2 * fair.cumulativeProbability(fewer));
        double mid = onlyCandidate == onlyIncumbent ? 1 : Math.max(0, exact - fair.probability(fewer));
        double gap = Math.abs((double) onlyCandidate - onlyIncumbent);
        double plain = gap * gap / discordant;
        double correctedGap = Math.max(0, gap - 1);
        double corrected = correctedGap * correctedGap / discordant;
        return new Result(exact, mid, plain, ONE_DEGREE.survivalProbability(plain), corrected,
                ONE_DEGREE.survivalProbability(corrected));
    }

    /** One-sided mid-p of "the candidate is not worse": small when only the incumbent passes too often. */
    public static double worseMidP(int onlyCandidate, int onlyIncumbent) {
        int discordant = discordant(onlyCandidate, onlyIncumbent);
        if (discordant == 0) {
            return 1;
        }
        BinomialDistribution fair = BinomialDistribution.of(discordant, 0.5);
        return Math.max(0, fair.cumulativeProbability(onlyCandidate) - fair.probability(onlyCandidate) / 2);
    }

    private static int discordant(int onlyCandidate, int onlyIncumbent) {
        if (onlyCandidate < 0 || onlyIncumbent < 0) {
            throw new IllegalArgumentException(
                    "counts " + onlyCandidate + " and " + onlyIncumbent + " cannot be negative");
        }
        return Math.addExact(onlyCandidate, onlyIncumbent);
    }
}
