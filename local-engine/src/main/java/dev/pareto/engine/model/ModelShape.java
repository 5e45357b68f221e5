package dev.pareto.engine.model;

import dev.pareto.engine.model.blueprint.Blueprint;

/**
 * The sizes of a model that its callers need.
 *
 * @param architecture as GGUF names it
 * @param vocabulary token ids are 0 to vocabulary - 1
 * @param contextLength tokens that a sequence may have
 * @param layers blocks of attention and feed-forward
 * @param embedding floats of a token's state
 * @param cacheFloatsPerToken floats that a cache holds for one token in all layers
 * @param parameters weights in all, a tied output counted once
 * @param weightBytes of all weights in the file
 */
public record ModelShape(String architecture, int vocabulary, int contextLength, int layers, int embedding,
        long cacheFloatsPerToken, long parameters, long weightBytes) {

    static ModelShape of(Blueprint model, int contextLength, long cacheFloatsPerToken) {
        var tokens = model.embedding().tokens();
        return new ModelShape(model.architecture(), tokens.rows(), contextLength, model.layers().size(),
                tokens.columns(), cacheFloatsPerToken, model.parameters(), model.weightBytes());
    }
}
