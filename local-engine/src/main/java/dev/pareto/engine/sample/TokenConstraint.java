package dev.pareto.engine.sample;

/**
 * Says which tokens may be drawn next, and hears which one was. One object follows one sequence; calls alternate between
 * {@link #allowed} and {@link #accept}, all on the thread that samples.
 */
public interface TokenConstraint {

    /**
     * The tokens that may follow, one bit each, the lowest first; at least one is set. Valid until the next call and
     * not to be changed.
     *
     * @throws dev.pareto.engine.EngineException if no token of the vocabulary can follow
     */
    long[] allowed();

    /** Takes note of the token that was drawn. */
    void accept(int token);

    /** Whether what was drawn is complete and nothing can be added: no further token need be computed. */
    boolean finished();
}
