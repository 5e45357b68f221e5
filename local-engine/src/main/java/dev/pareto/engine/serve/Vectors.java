package dev.pareto.engine.serve;

import dev.pareto.engine.EngineException;

/** What is done with vectors before they leave the engine. */
public final class Vectors {

    private Vectors() {}

    /** The vector with Euclidean length 1; one of length 0 stays as it is, as in llama.cpp. */
    public static float[] unit(float[] vector) {
        double length = Math.sqrt(squares(vector));
        var unit = new float[vector.length];
        if (length > 0) {
            for (int i = 0; i < unit.length; i++) {
                unit[i] = (float) (vector[i] / length);
            }
        }
        return unit;
    }

    /** The vector itself, once it is known to hold numbers. */
    static float[] finite(float[] vector) {
        var _ = squares(vector);
        return vector;
    }

    private static double squares(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (!Double.isFinite(squares)) {
            throw new EngineException.ComputationFailed("a vector of the model holds what is no number", null);
        }
        return squares;
    }
}
