package dev.pareto.evals.experiment;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What was found at one look. Bounds are null while there are too few units for one.
 *
 * @param requests of all arms
 * @param units of all arms
 */
public record Findings(long requests, long units, List<ArmCount> arms, Split split, List<Difference> differences,
        List<GuardState> guards) {

    public Findings {
        arms = List.copyOf(arms);
        differences = List.copyOf(differences);
        guards = List.copyOf(guards);
    }

    /**
     * What an arm got.
     *
     * @param delivered requests to which its treatment was applied; the others count for it all the same
     * @param values by metric, of all its requests
     * @param measured by metric, how many of its requests have a value
     */
    public record ArmCount(String arm, double weight, long units, long requests, long delivered,
            Map<String, Double> values, Map<String, Long> measured) {}

    /** The sequential check that units are split as stated; over all looks chance shows a mismatch once in a thousand experiments. */
    public record Split(double logBayesFactor, double alarmAt, boolean mismatch) {}

    /** What the primary metric says of an arm against the control. */
    public enum Verdict {
        BETTER, WORSE,
        /** The whole interval lies within the least difference that matters. */
        NO_DIFFERENCE, UNDECIDED
    }

    /**
     * An arm less the control, in the metric's own unit.
     *
     * @param primary whether it decides; then the interval holds for all arms together
     * @param control the control's figure
     * @param treated the arm's
     * @param confidence of the interval, at all looks together
     * @param p always valid; by Holm over the arms for the primary metric
     * @param varianceGone the share of the variance that what was seen of the units before the start explains
     */
    public record Difference(String metric, String arm, boolean primary, boolean higherIsBetter,
            @Nullable Double control,
            @Nullable Double treated, @Nullable Double difference, @Nullable Double lower, @Nullable Double upper,
            double confidence, double p, double varianceGone, Verdict verdict) {}

    /**
     * A guard of an arm.
     *
     * @param worseAtLeast lower bound on how much worse than the control the arm is, less what is tolerated; an alarm above 0
     * @param logEvidence of the exact test on the units' first requests, for rates
     * @param alarmAt what that evidence must reach
     */
    public record GuardState(String metric, String arm, double tolerance, boolean relative,
            @Nullable Double worseAtLeast, @Nullable Double logEvidence, @Nullable Double alarmAt, boolean alarm) {}
}
