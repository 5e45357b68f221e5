package dev.pareto.engine.model;

/** For which tokens of a slice the model says what comes next. */
public enum LogitsWanted {
    /** None: more of the prompt follows. */
    NONE,
    /** The last one: the next token is to be chosen. */
    LAST,
    /** All: every token is to be judged. */
    ALL
}
