package dev.pareto.policies.swap;

/** Who moves a swap forward once the evidence is good. */
public enum Approval {
    AUTOMATIC, MANUAL
}
