package dev.pareto.evals.run;

/** Watches paired outcomes in the order of the suite while a comparison runs. Called by one thread at a time. */
@FunctionalInterface
public interface PairMonitor {

    /** Never stops a run early. */
    PairMonitor ALL_ITEMS = (candidate, incumbent) -> false;

    /** Takes the next pair; true when no more are needed. */
    boolean enough(ItemOutcome candidate, ItemOutcome incumbent);
}
