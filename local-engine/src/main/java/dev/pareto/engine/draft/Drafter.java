package dev.pareto.engine.draft;

/** Guesses how one sequence goes on. Confined to the compute thread. */
public interface Drafter extends AutoCloseable {

    /**
     * What may follow.
     *
     * @param history all tokens so far, at least one; the same object each time
     * @param most tokens to guess, at least one
     * @return guesses in their order, none without an idea
     */
    int[] draft(History history, int most);

    /** Gives back what it holds. A second call does nothing. */
    @Override
    void close();
}
