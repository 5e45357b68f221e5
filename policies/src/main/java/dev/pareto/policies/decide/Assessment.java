package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was weighed about one candidate.
 *
 * @param model the candidate
 * @param open whether its weights are open
 * @param baseline whether it is the closed model that open ones may replace
 * @param candidate whether it may be chosen; else it is a fall-back alone
 * @param predictedCost what this request costs more than nothing was asked: its price, less what a commitment bears; null when no price is
 *            known
 * @param worstCost its price, as it will be booked, with every token fresh and an answer longer than nine of ten; null when none is known
 * @param priceVersion the price used; null when none is known
 * @param commitment the one that is about the model, with what is left of it; null for none
 * @param firstTokenP95 null while unknown
 * @param totalP95 null while unknown
 * @param latencyObservations how many answers the latency rests on; below the engine's minimum it binds nothing
 * @param accuracy what is predicted for this prompt; null where nothing was learnt
 * @param evidence the verdict that counts; null when there is none or none is needed
 * @param share the most of the route's traffic that it may serve, 0 to 1
 * @param stake the request's part in the swap that moves traffic to it; null when there is none
 * @param refusals why it may not serve at all, whatever the policy; empty when it may
 * @param violations the constraints that it misses; empty when it meets all
 * @param place 1 for the chosen one, then the order of fall-backs; 0 when it is not among them
 */
public record Assessment(ModelId model, boolean open, boolean baseline, boolean candidate,
        @Nullable Money predictedCost, @Nullable Money worstCost,
        @Nullable String priceVersion, @Nullable Room commitment, @Nullable Duration firstTokenP95,
        @Nullable Duration totalP95,
        int latencyObservations, @Nullable AccuracyForecast accuracy, @Nullable Evidence evidence, double share,
        @Nullable Stake stake, List<String> refusals, List<Violation> violations, int place) {

    public Assessment {
        refusals = List.copyOf(refusals);
        violations = List.copyOf(violations);
    }

    /** The same at another place. */
    Assessment at(int other) {
        return other == place
                ? this
                : new Assessment(model, open, baseline, candidate, predictedCost, worstCost, priceVersion, commitment,
                        firstTokenP95, totalP95,
                        latencyObservations, accuracy, evidence, share, stake, refusals, violations, other);
    }

    /** Whether it may serve, leaving the policy's constraints aside. */
    public boolean admitted() {
        return refusals.isEmpty();
    }

    /** Whether it may serve and meets every constraint. */
    public boolean feasible() {
        return refusals.isEmpty() && violations.isEmpty();
    }

    /** In a few words why it won or lost. */
    public String note() {
        return Reasons.note(this);
    }
}
