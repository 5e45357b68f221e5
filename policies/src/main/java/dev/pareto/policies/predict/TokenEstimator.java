package dev.pareto.policies.predict;

import dev.pareto.policies.catalog.ModelId;

/** How many tokens a prompt will probably have. */
@FunctionalInterface
public interface TokenEstimator {

    /** Tokens for so many characters of prompt (UTF-16 code units), at least 1 for a prompt that is not empty. */
    int promptTokens(ModelId model, long characters);
}
