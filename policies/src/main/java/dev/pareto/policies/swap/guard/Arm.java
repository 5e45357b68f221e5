package dev.pareto.policies.swap.guard;

/** Which model a unit of traffic was assigned to, whoever answered it in the end. */
public enum Arm {
    CANDIDATE, INCUMBENT
}
