package dev.pareto.evals.experiment;

import java.util.Arrays;
import java.util.List;

import dev.pareto.evals.stats.sequential.RateProcess;

/**
 * An exact test of "the arm's losses are higher than the control's by more than is tolerated", for losses of 0 or 1 and from the first pair
 * on: each pair is one of the arm and the next of the control, and bets of several sizes against a tolerable difference are averaged. While it
 * is tolerable the average ever reaches 1/alpha with a probability of at most alpha (Ville).
 */
final class PairedLosses {

    /** How far towards the worst the bets look; an arm that fails always is found after about ten pairs. */
    private static final double[] REACH = {0.05, 0.2, 0.5, 0.9};

    private PairedLosses() {}

    /**
     * Log of the highest average so far, which started at 0.
     *
     * @param losses of the arm, one a unit, in the order in which they became known
     * @param others the control's
     * @param tolerance within (0, 1)
     */
    static double logEvidence(List<Double> losses, List<Double> others, double tolerance) {
        double healthy = (1 + tolerance) / 2;
        RateProcess[] bets = Arrays.stream(REACH)
                .mapToObj(reach -> new RateProcess(healthy, healthy + reach * (1 - healthy)))
                .toArray(RateProcess[]::new);
        double highest = 0;
        for (int i = 0; i < Math.min(losses.size(), others.size()); i++) {
            double sum = 0;
            for (RateProcess bet : bets) {
                bet.add((1 + losses.get(i) - others.get(i)) / 2);
                sum += Math.exp(Math.min(700, bet.logEvidence()));
            }
            highest = Math.max(highest, Math.log(sum / bets.length));
        }
        return highest;
    }
}
