package dev.pareto.policies.experiment;

/** Whose requests stay in one arm together. */
public enum Unit {
    /** The body's {@code safety_identifier} or {@code user}, of one tenant. */
    USER,
    /** The header {@code Pareto-Unit}, of one tenant. */
    CONVERSATION,
    /** The tenant of the caller's key. */
    KEY,
    /** Each request by itself. */
    REQUEST
}
