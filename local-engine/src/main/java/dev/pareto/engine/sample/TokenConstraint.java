package dev.pareto.engine.sample;

import org.jspecify.annotations.Nullable;

/**
 * Says which tokens may be drawn next, and hears which one was. One object follows one sequence; calls alternate between
 * {@link #allowed} and {@link #accept}, one thread at a time. What may follow can take long to work out: a thread that must
 * not be held up asks {@link #ready} first, and has another one {@link #prepare} it where it says no.
 */
public interface TokenConstraint {

    /**
     * Whether {@link #allowed} and {@link #finished} answer at once; tries for a moment to make it so.
     *
     * @throws dev.pareto.engine.EngineException if nothing can follow, or it cannot be worked out
     */
    default boolean ready() {
        return true;
    }

    /**
     * Works out what may follow, however long that takes.
     *
     * @throws dev.pareto.engine.EngineException as {@link #ready}
     */
    default void prepare() {}

    /**
     * The tokens that may follow, one bit each, the lowest first; at least one is set. Valid until the next call and
     * not to be changed.
     *
     * @throws dev.pareto.engine.EngineException if no token of the vocabulary can follow
     */
    long[] allowed();

    /**
     * Looks ahead to the last token, so that the text can be ended by then; each byte that it lacks counts as one.
     *
     * @param token one that may follow
     * @param left how many tokens may still be drawn, this one included
     * @return the tokens to choose from in its place, if the text could be ended in time before it but not after it; as
     *         those of {@link #allowed}. Else null, also where that would take long to find out
     */
    default long @Nullable [] closing(int token, int left) {
        return null;
    }

    /** Takes note of the token that was drawn. */
    void accept(int token);

    /** Whether what was drawn is complete and nothing can be added: no further token need be computed. */
    boolean finished();
}
