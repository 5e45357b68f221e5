package dev.pareto.engine.model.blueprint;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.tensor.WeightMatrix;

/** A matrix and perhaps a bias: {@code y = weight * x + bias}. */
@SuppressWarnings("ArrayRecordComponent") // weights, never compared
public record Projection(WeightMatrix weight, float @Nullable [] bias) {

    /** Floats that come out. */
    public int rows() {
        return weight.rows();
    }

    /** The part that computes some of the rows: how fused projections come apart without a copy. */
    public Projection rows(int from, int to) {
        return new Projection(weight.rows(from, to), bias == null ? null : Arrays.copyOfRange(bias, from, to));
    }
}
