package dev.pareto.evals.run;

import org.jspecify.annotations.Nullable;

/** Watches paired outcomes in the order of the suite while a comparison runs. Called by one thread at a time. */
@FunctionalInterface
public interface PairMonitor {

    /** Never stops a run early. */
    PairMonitor ALL_ITEMS = (candidate, incumbent) -> false;

    /** Takes the next pair; true when no more are needed. */
    boolean enough(ItemOutcome candidate, ItemOutcome incumbent);

    /** How far the evidence is on its way to a decision, 0 to 1; null when there is no telling. */
    default @Nullable Double progress() {
        return null;
    }
}
