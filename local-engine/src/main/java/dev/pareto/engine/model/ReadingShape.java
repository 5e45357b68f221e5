package dev.pareto.engine.model;

import java.util.Objects;

import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Pooling;

/**
 * How a model is read from rather than written with.
 *
 * @param encodes whether it only reads: each sequence whole, in both directions, without logits
 * @param pooling how states become one vector; their mean where the file does not say
 * @param labels scores of its classifier, 0 without one
 * @param shares whether the scores are shares that sum to 1, else they are logits
 */
public record ReadingShape(boolean encodes, Pooling pooling, int labels, boolean shares) {

    /** A model that writes and whose file says nothing of embeddings. */
    public static final ReadingShape WRITER = new ReadingShape(false, Pooling.MEAN, 0, false);

    static ReadingShape of(Blueprint model) {
        var readout = model.readout();
        return new ReadingShape(model.encodes(), Objects.requireNonNullElse(readout.pooling(), Pooling.MEAN),
                readout.labels(), readout.shares());
    }
}
