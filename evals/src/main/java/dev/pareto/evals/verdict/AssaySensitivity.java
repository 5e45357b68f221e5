package dev.pareto.evals.verdict;

import java.util.List;
import java.util.Locale;

import dev.pareto.evals.stats.Wilson;
import dev.pareto.evals.suite.Grouping;
import dev.pareto.policies.swap.Outcome;

import org.jspecify.annotations.Nullable;

/**
 * Whether the suite could have told a bad candidate from a good one (ICH E10, 1.5: assay sensitivity). Where the incumbent is hardly
 * ever right there is nothing to lose, and a candidate that is always wrong would pass for as good.
 */
final class AssaySensitivity {

    /** The incumbent must be able to lose the margin and half of it again. */
    private static final double LEAST_MARGINS = 1.5;
    /** By so many items without one right answer the suite is to blame. */
    private static final int ENOUGH_WRONG = 10;

    private final Design design;

    AssaySensitivity(Design design) {
        this.design = design;
    }

    /** Why these pairs cannot tell models apart; null when they can. A candidate that was shown to be better proves that they do. */
    @Nullable
    String problem(List<PairRecord> pairs, Outcome outcome) {
        if (outcome == Outcome.SUPERIOR) {
            return null;
        }
        double right = pairs.stream().mapToDouble(PairRecord::incumbentScore).sum();
        double share = right / pairs.size();
        int independent = design.plan().grouping() instanceof Grouping.Clusters
                ? (int) pairs.stream().map(PairRecord::clusterOrOwn).distinct().count()
                : pairs.size();
        double upper = Wilson.upper(share, independent, 1 - 2 * design.plan().alpha());
        if (upper > LEAST_MARGINS * design.margin() && (right > 0 || independent < ENOUGH_WRONG)) {
            return null;
        }
        String seen = right == 0 ? "0" : String.format(Locale.ROOT, "%.1f", 100 * share);
        return "the incumbent is right on " + seen + " % of the items"
                + (right == 0 ? "" : " at a margin of " + Sentence.points(design.margin()) + " points")
                + ": this suite cannot tell models apart; look at the keys and the grader";
    }
}
