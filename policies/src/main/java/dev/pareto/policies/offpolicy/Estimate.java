package dev.pareto.policies.offpolicy;

/**
 * A mean under another policy.
 *
 * @param low of a 95 % interval
 * @param high of it
 * @param effective samples: how many equally weighted ones would be worth as much
 * @param matched samples in which the policy could have done what was done
 */
public record Estimate(Method method, double value, double low, double high, double effective, long matched,
        long samples) {}
