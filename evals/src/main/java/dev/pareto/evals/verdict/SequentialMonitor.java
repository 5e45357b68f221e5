package dev.pareto.evals.verdict;

import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.PairMonitor;
import dev.pareto.evals.stats.PluginGro;
import dev.pareto.policies.swap.Outcome;

/** Ends a comparison as soon as the sequential evidence suffices; each item not asked is money saved. */
public final class SequentialMonitor implements PairMonitor {

    private final PluginGro process;
    private final double alpha;

    /** Watches for one design, during one comparison. */
    public SequentialMonitor(Design design) {
        if (design.test() != Design.Test.SEQUENTIAL) {
            throw new IllegalArgumentException("a fixed design is looked at once, after all items");
        }
        this.process = design.process();
        this.alpha = design.plan().alpha();
    }

    @Override
    public boolean enough(ItemOutcome candidate, ItemOutcome incumbent) {
        Double theirs = incumbent.score();
        if (theirs == null) {
            return false;
        }
        Double ours = candidate.score();
        return process.add((ours == null ? 0 : ours) - theirs) != Outcome.INCONCLUSIVE;
    }

    @Override
    public Double progress() {
        return Math.clamp(Math.max(process.logNonInferior(), process.logInferior()) / -Math.log(alpha), 0.0, 1.0);
    }
}
