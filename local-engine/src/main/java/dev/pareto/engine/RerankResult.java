package dev.pareto.engine;

import java.util.List;

/**
 * The scores of a {@link RerankRequest}.
 *
 * @param scores of each document, in the request's order
 * @param promptTokens read in all, the query once for each document
 */
public record RerankResult(List<Score> scores, int promptTokens) {

    /** Copies the list. */
    public RerankResult {
        scores = List.copyOf(scores);
    }

    /**
     * How well a document fits.
     *
     * @param raw what the model's classifier gave, as llama.cpp tells it: a logit, or a share already
     * @param relevance 0 to 1: the logistic of a logit, a share as it is
     */
    public record Score(double raw, double relevance) {}
}
