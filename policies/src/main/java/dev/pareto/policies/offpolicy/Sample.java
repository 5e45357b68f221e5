package dev.pareto.policies.offpolicy;

import static java.util.Objects.requireNonNull;

/**
 * One logged request, seen from a policy that is to be judged.
 *
 * @param weight the policy's probability of what was done over the probability with which it was done
 * @param outcome what came of it
 * @param modelOfDone what a model of outcomes expects of what was done; made without this request
 * @param modelOfPolicy what it expects of what the policy would do
 * @param cluster requests of one cluster, e.g. a conversation that stays with its model, count as one draw
 */
public record Sample(double weight, double outcome, double modelOfDone, double modelOfPolicy, String cluster) {

    public Sample {
        requireNonNull(cluster, "cluster is null");
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("a weight is finite and not negative, got " + weight);
        }
    }
}
