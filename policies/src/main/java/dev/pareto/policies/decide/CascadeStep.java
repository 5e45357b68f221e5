package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a request goes through its route's cascade. */
public sealed interface CascadeStep {

    /**
     * The first model is asked, and its answer judged.
     *
     * @param plan as declared
     * @param escalation the models that answer instead, in order; at least one
     * @param firstCost what asking first is predicted to cost, the second opinion included; null when unknown
     * @param strongCost what the first of the others is predicted to cost
     * @param deadline from the request's arrival; null for none
     * @param strongP95 how long the first of the others takes, 95th percentile; null while unknown
     * @param rate how often answers passed lately
     * @param exploring whether it is asked although that did not pay lately
     */
    record Ask(CascadePlan plan, List<ModelId> escalation, @Nullable Money firstCost, @Nullable Money strongCost,
            @Nullable Duration deadline, @Nullable Duration strongP95, AcceptanceRates.Rate rate, boolean exploring)
            implements
                CascadeStep {

        public Ask {
            requireNonNull(plan, "plan is null");
            requireNonNull(rate, "rate is null");
            escalation = List.copyOf(escalation);
            if (escalation.isEmpty()) {
                throw new IllegalArgumentException("a cascade needs a model to go to");
            }
        }
    }

    /**
     * The decision stands as it is.
     *
     * @param why in a few words of printable ASCII
     */
    record Stand(String why) implements CascadeStep {

        public Stand {
            requireNonNull(why, "why is null");
        }
    }
}
