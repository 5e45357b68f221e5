package dev.pareto.engine.model.blueprint;

import org.jspecify.annotations.Nullable;

/**
 * What a file says of the use of a model's last states beside logits. The classifier computes
 * {@code scores(tanh(hidden(state)))}, either half being optional, as llama.cpp does for all architectures that are here.
 *
 * @param pooling null where the file does not say
 * @param hidden {@code cls}, or null
 * @param scores {@code cls.output}, one row for each label, or null
 * @param shares whether a softmax makes the scores sum to 1
 */
public record Readout(@Nullable Pooling pooling, @Nullable Projection hidden, @Nullable Projection scores,
        boolean shares) {

    static final int UNSAID = -1;

    /** Scores of a text; 0 where there is no classifier. */
    public int labels() {
        return scores != null ? scores.rows() : hidden != null ? hidden.rows() : 0;
    }

    Readout withShares() {
        return new Readout(pooling, hidden, scores, true);
    }
}
