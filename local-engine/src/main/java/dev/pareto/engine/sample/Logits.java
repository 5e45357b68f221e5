package dev.pareto.engine.sample;

import dev.pareto.engine.EngineException;

/** What must hold of a row of logits before anything is drawn from it. */
final class Logits {

    /** exp(-50) times any vocabulary is below half an ulp of the likeliest token's weight, which is 1. */
    private static final double NEGLIGIBLE = -50;

    private Logits() {}

    /**
     * The largest of the logits. Minus infinity masks a token.
     *
     * @throws EngineException.ComputationFailed if one is NaN or plus infinity, or all are masked
     */
    static float max(float[] logits, int from, int size) {
        float max = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < size; token++) {
            float logit = logits[from + token];
            if (!(logit < Float.POSITIVE_INFINITY)) {
                throw new EngineException.ComputationFailed("the logit of token " + token + " is " + logit
                        + "; weights or kernels are broken", null);
            }
            max = Math.max(max, logit);
        }
        if (max == Float.NEGATIVE_INFINITY) {
            throw new EngineException.ComputationFailed("no token can follow: every logit is minus infinity", null);
        }
        return max;
    }

    /** The lowest token that has this logit. */
    static int first(float[] logits, int from, float logit) {
        int token = 0;
        while (logits[from + token] != logit) {
            token++;
        }
        return token;
    }

    /** The weight of a logit relative to the largest, 0 to 1. */
    static double weight(double belowMax) {
        return belowMax < NEGLIGIBLE ? 0 : Math.exp(belowMax);
    }

    /** The sum of all weights: the denominator of the softmax. */
    static double totalWeight(float[] logits, int from, int size, float max) {
        double total = 0;
        for (int i = from; i < from + size; i++) {
            total += weight((double) logits[i] - max);
        }
        return total;
    }
}
