package dev.pareto.engine;

/** Why an answer ended. */
public enum FinishReason {
    /** The model ended its turn, or a stop text appeared. */
    STOP,
    /** As many tokens as were allowed. */
    LENGTH,
    /** The caller gave up. */
    CANCELLED,
    /** The request's time was over. */
    TIME_LIMIT
}
