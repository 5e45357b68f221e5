package dev.pareto.evals.stats;

import dev.pareto.policies.swap.Outcome;

/** The non-inferiority margin and where it comes from: money. */
public final class Margins {

    private Margins() {}

    /**
     * The accuracy loss at which cheaper requests stop paying for their extra failures.
     *
     * @param incumbentCost cost of one request to the incumbent
     * @param candidateCost cost of one request to the candidate
     * @param failureCost what one wrong answer costs, same currency
     */
    public static double breakEven(double incumbentCost, double candidateCost, double failureCost) {
        if (!Double.isFinite(incumbentCost) || !Double.isFinite(candidateCost)) {
            throw new IllegalArgumentException(
                    "both costs must be known, are " + incumbentCost + " and " + candidateCost);
        }
        if (!(failureCost > 0)) {
            throw new IllegalArgumentException("the cost of a failure must be positive, is " + failureCost);
        }
        return (incumbentCost - candidateCost) / failureCost;
    }

    /** What an interval for the difference says about the margin. Touching the margin is not enough: ties favour the incumbent. */
    public static Outcome outcome(Interval difference, double margin) {
        requireMargin(margin);
        if (difference.lower() > 0) {
            return Outcome.SUPERIOR;
        }
        if (difference.lower() > -margin) {
            return Outcome.NON_INFERIOR;
        }
        return difference.upper() < -margin ? Outcome.INFERIOR : Outcome.INCONCLUSIVE;
    }

    /** Throws unless 0 &lt; margin &lt; 1. */
    public static void requireMargin(double margin) {
        if (!(margin > 0 && margin < 1)) {
            throw new IllegalArgumentException(
                    "margin " + margin + " is not within (0, 1); write 2 points as 0.02");
        }
    }
}
