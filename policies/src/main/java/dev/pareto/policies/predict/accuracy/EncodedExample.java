package dev.pareto.policies.predict.accuracy;

import static java.util.Objects.requireNonNull;

/**
 * A prompt of which only features are left, and how well each model did on it.
 *
 * @param scores in [0, 1], by model in the predictor's order; NaN where a model was not asked
 */
public record EncodedExample(EncodedPrompt prompt, double[] scores) {

    public EncodedExample {
        requireNonNull(prompt, "prompt is null");
        scores = scores.clone();
        for (double score : scores) {
            if (score < 0 || score > 1) {
                throw new IllegalArgumentException("a score is in [0, 1], not " + score);
            }
        }
    }
}
