package dev.pareto.engine.model.blueprint;

import org.jspecify.annotations.Nullable;

/** Brings a vector to unit size; the weights give its length. */
@SuppressWarnings("ArrayRecordComponent") // weights, never compared
public sealed interface Norm {

    /** Floats of the vectors it is for. */
    int size();

    /** {@code weight * x / sqrt(mean(x^2) + epsilon)}. */
    record Rms(float[] weight, float epsilon) implements Norm {
        @Override
        public int size() {
            return weight.length;
        }
    }

    /** Layer norm: {@code weight * (x - mean(x)) / sqrt(variance(x) + epsilon) + bias}; the bias may be null. */
    record Centred(float[] weight, float @Nullable [] bias, float epsilon) implements Norm {
        @Override
        public int size() {
            return weight.length;
        }
    }
}
