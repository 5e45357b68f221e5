package dev.pareto.proxy.feedback;

import static java.util.Objects.requireNonNull;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a caller says of one answer.
 *
 * @param requestId as the answer's {@code Pareto-Request-Id} named it
 * @param score 0 (useless) to 1 (as wished); null when only metrics are given
 * @param metrics numbers of the caller's own, by name
 * @param comment in words; null for none
 */
public record Feedback(String requestId, @Nullable Double score, Map<String, Double> metrics,
        @Nullable String comment) {

    public Feedback {
        requireNonNull(requestId, "requestId is null");
        metrics = Map.copyOf(metrics);
    }
}
