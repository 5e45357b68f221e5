package dev.pareto.evals.verdict;

import java.util.Arrays;
import java.util.SplittableRandom;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.paired.BcaBootstrap;
import dev.pareto.evals.stats.paired.PairedNewcombe;
import dev.pareto.evals.stats.paired.PairedTable;
import dev.pareto.policies.swap.Outcome;

import org.jspecify.annotations.Nullable;

/**
 * What another procedure says of the same pairs. Newcombe's interval, and the judge's word alone, are shown beside; the bootstrap of
 * skewed scores has a vote, for it sees what Student's t assumes away.
 *
 * @param kind with its level
 * @param resamples of a bootstrap; null for others
 * @param votes whether a difference makes the verdict more cautious
 */
record SecondOpinions(String kind, Interval interval, @Nullable Integer resamples, boolean votes) {

    /** Of the bootstrap: SplitMix64 from here, an index is the upper 53 bits' share of the number of differences. */
    static final long SEED = 20_261_121;
    /** Beyond this many scores their mean is normal enough. */
    private static final int MOST_SCORES = 20_000;
    private static final int FEWEST_RESAMPLES = 10_000;
    private static final int MOST_RESAMPLES = 100_000;
    private static final int MOST_DRAWS = 200_000_000;

    static SecondOpinions newcombe(PairedTable table, double confidence, String level) {
        return new SecondOpinions("newcombe" + level, PairedNewcombe.interval(table, confidence), null, false);
    }

    /** Sorted first, so that the file's order does not matter. */
    static @Nullable SecondOpinions bootstrap(double[] differences, double confidence, String level) {
        if (differences.length > MOST_SCORES) {
            return null;
        }
        double[] sorted = differences.clone();
        Arrays.sort(sorted);
        int resamples = Math.clamp(MOST_DRAWS / sorted.length, FEWEST_RESAMPLES, MOST_RESAMPLES);
        return new SecondOpinions("bca" + level,
                BcaBootstrap.of(sorted, resamples, new SplittableRandom(SEED)).interval(confidence), resamples, true);
    }

    Outcome outcome(double margin) {
        return Margins.outcome(interval, margin);
    }

    Verdict.SecondOpinion beside(Outcome first, double margin) {
        return new Verdict.SecondOpinion(kind, QualityTest.bounds(interval), outcome(margin), first == outcome(margin),
                resamples, resamples == null ? null : (Long) SEED);
    }

    /** What both allow: good enough in both, if only non-inferior in one; else nothing is decided. */
    Outcome together(Outcome first, double margin) {
        Outcome second = outcome(margin);
        if (!votes || first == second) {
            return first;
        }
        return first.goodEnough() && second.goodEnough() ? Outcome.NON_INFERIOR : Outcome.INCONCLUSIVE;
    }
}
