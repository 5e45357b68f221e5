package dev.pareto.policies.predict.accuracy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and how well each model did on it.
 *
 * @param segment the task or slice it belongs to; null where unknown
 * @param scores in [0, 1], by model in the predictor's order; NaN where a model was not asked
 * @param answers those that a verifier reads: the cheap model's, and a second opinion if there is one; empty otherwise
 */
public record Example(String prompt, @Nullable String segment, double[] scores, List<Answer> answers) {

    public Example {
        requireNonNull(prompt, "prompt is null");
        scores = scores.clone();
        answers = List.copyOf(answers);
        for (double score : scores) {
            if (score < 0 || score > 1) {
                throw new IllegalArgumentException("a score is in [0, 1], not " + score);
            }
        }
    }

    public Example(String prompt, @Nullable String segment, double... scores) {
        this(prompt, segment, scores, List.of());
    }
}
