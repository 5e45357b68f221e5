package dev.pareto.policies.decide;

/**
 * A constraint that a candidate misses.
 *
 * @param constraint its name, e.g. {@code latency total-p95}
 * @param limit as configured, for people
 * @param actual what the candidate is predicted to do, rounded so that a limit of this is met; begins with {@code unknown} when nothing is
 *            known
 * @param excess by what part of the limit it is missed; infinite when no other limit is known to be met
 * @param hard whether it is never let go, as what the request itself asked for and what a floor demands
 */
public record Violation(String constraint, String limit, String actual, double excess, boolean hard) {

    /** {@code latency total-p95 6 s -> 7.2 s}. */
    public String relaxation() {
        return constraint + " " + limit + " -> " + actual;
    }

    /** Whether another limit is known that the candidate meets. */
    boolean mendable() {
        return Double.isFinite(excess);
    }
}
