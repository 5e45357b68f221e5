package dev.pareto.policies.predict;

import dev.pareto.policies.catalog.ModelId;

/** What share of a prompt's tokens a vendor will probably read from its cache. Called for every request: answers from memory. */
@FunctionalInterface
public interface CachedShares {

    /** Nothing was seen yet: every token is fresh. */
    CachedShares NONE = (route, model) -> 0;

    /** From 0 to 1. */
    double of(String route, ModelId model);
}
