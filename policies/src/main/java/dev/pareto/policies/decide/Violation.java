package dev.pareto.policies.decide;

/**
 * A constraint that a candidate misses.
 *
 * @param constraint its name, e.g. {@code latency total-p95}
 * @param limit as configured, for people
 * @param actual what the candidate is predicted to do, for people; {@code unknown} when nothing is known
 * @param excess by what part of the limit it is missed; infinite when nothing is known
 * @param asked whether the request itself asked for it, so that it is never let go
 */
public record Violation(String constraint, String limit, String actual, double excess, boolean asked) {

    /** {@code latency total-p95 6 s -> 7.2 s}. */
    public String relaxation() {
        return constraint + " " + limit + " -> " + actual;
    }
}
