package dev.pareto.policies.bandit;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import org.jspecify.annotations.Nullable;

/**
 * A model that may serve a request, as the decision forecasts it.
 *
 * @param cost expected; null while its price is unknown
 * @param worstCost what is set aside for it; null while its price is unknown
 * @param latencySeconds forecast; 0 while unknown and for who is suspended, so that it is tried
 * @param prior probability of a good answer before the bandit has labels of its own, from a predictor or a verdict; null for none
 * @param priorLabels how many labels that rests on
 * @param suspended whether only a forecast of its latency keeps it from serving: it gets probes, for who is never asked never recovers
 */
public record Option(ModelId model, @Nullable Money cost, @Nullable Money worstCost, double latencySeconds,
        @Nullable Double prior, int priorLabels, boolean suspended) {

    public Option {
        requireNonNull(model, "model is null");
        if (!(latencySeconds >= 0)) {
            throw new IllegalArgumentException("a latency is not negative, got " + latencySeconds);
        }
        if (prior != null && !(prior >= 0 && prior <= 1)) {
            throw new IllegalArgumentException("a prior is a probability, got " + prior);
        }
    }
}
