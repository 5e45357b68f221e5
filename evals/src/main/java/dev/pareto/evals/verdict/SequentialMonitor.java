package dev.pareto.evals.verdict;

import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.PairMonitor;
import dev.pareto.evals.stats.sequential.PluginGro;
import dev.pareto.policies.swap.Outcome;

/**
 * Ends a comparison as soon as the sequential evidence suffices, or cannot suffice any more; each item not asked is money saved.
 */
public final class SequentialMonitor implements PairMonitor {

    private final PluginGro process;
    private final Futility futility;
    private final double alpha;

    /**
     * Watches for one design, during one comparison.
     *
     * @param items that there are to ask
     */
    public SequentialMonitor(Design design, int items) {
        if (design.test() != Design.Test.SEQUENTIAL) {
            throw new IllegalArgumentException("a fixed design is looked at once, after all items");
        }
        this.process = design.process();
        this.alpha = design.plan().alpha();
        Integer most = design.plan().nMax();
        this.futility = new Futility(design, most == null ? items : Math.min(most, items));
    }

    @Override
    public boolean enough(ItemOutcome candidate, ItemOutcome incumbent) {
        Double theirs = incumbent.score();
        if (theirs == null) {
            return false;
        }
        Double ours = candidate.score();
        double difference = (ours == null ? 0 : ours) - theirs;
        futility.add(difference);
        return process.add(difference) != Outcome.INCONCLUSIVE
                || futility.hopeless(process.logNonInferior(), process.logInferior());
    }

    @Override
    public Double progress() {
        return Math.clamp(Math.max(process.logNonInferior(), process.logInferior()) / -Math.log(alpha), 0.0, 1.0);
    }
}
