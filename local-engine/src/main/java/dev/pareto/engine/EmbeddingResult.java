package dev.pareto.engine;

import java.util.List;

/**
 * The vectors of an {@link EmbeddingRequest}.
 *
 * @param vectors of each text, in the request's order: one of length 1, or one for each token where the model does not
 *            pool
 * @param promptTokens read in all
 */
public record EmbeddingResult(List<float[][]> vectors, int promptTokens) {

    /** Copies the list. */
    public EmbeddingResult {
        vectors = List.copyOf(vectors);
    }
}
