package dev.pareto.policies.predict.accuracy;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a model answered.
 *
 * @param text the answer
 * @param logprobs natural logarithms of its tokens' probabilities; null where unknown
 */
public record Answer(String text, double @Nullable [] logprobs) {

    public Answer {
        requireNonNull(text, "text is null");
        logprobs = logprobs == null ? null : logprobs.clone();
    }

    public static Answer of(String text) {
        return new Answer(text, null);
    }
}
