package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import org.jspecify.annotations.Nullable;

/** What a model is made of now (weights, quantisation, template), so that a verdict about another make of it is stale. */
@FunctionalInterface
public interface Fingerprints {

    /** Nothing is known of any model: evidence is trusted. */
    Fingerprints UNKNOWN = model -> null;

    /** Null when unknown, as for every closed model. Answers from memory. */
    @Nullable
    String of(ModelId model);
}
