package dev.pareto.policies.bandit;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a bandit has learned and waits for; {@link BanditJson} writes and reads it.
 *
 * @param dimension of the contexts
 * @param draws so far
 * @param heads by model
 * @param open answers whose cost or label may still come, oldest first
 * @param units and their models
 * @param leaders by segment
 * @param pacer null without a budget
 */
public record BanditState(int dimension, long draws, Map<ModelId, SuccessHead.State> heads, Map<String, Open> open,
        Map<String, Seat> units, Map<String, ModelId> leaders, @Nullable BudgetPacer pacer) {

    public BanditState {
        heads = Collections.unmodifiableMap(new TreeMap<>(heads));
        open = Collections.unmodifiableMap(new LinkedHashMap<>(open));
        units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
        leaders = Collections.unmodifiableMap(new LinkedHashMap<>(leaders));
    }

    /** An answer under way or unlabelled. */
    record Open(ModelId model, double[] context, BigDecimal worst, Instant at, boolean settled, boolean labelled) {

        Open {
            requireNonNull(model, "model is null");
        }

        Open(ModelId model, double[] context, BigDecimal worst, Instant at) {
            this(model, context, worst, at, false, false);
        }

        Open ended() {
            return new Open(model, context, worst, at, true, labelled);
        }

        Open known() {
            return new Open(model, context, worst, at, settled, true);
        }
    }

    /** A unit's model, and whether it was drawn to learn from. */
    record Seat(ModelId model, double propensity, Map<ModelId, Double> propensities, boolean drawn) {}
}
