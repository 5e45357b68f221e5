package dev.pareto.policies.predict;

import org.jspecify.annotations.Nullable;

/** What is known of accuracy now. Called for every request: answers from memory and never blocks. Safe for many threads. */
@FunctionalInterface
public interface Accuracies {

    /** Nothing was learnt yet. */
    Accuracies UNKNOWN = (route, prompt) -> null;

    /** Null where the route has no predictor. */
    @Nullable AccuracyForecasts forecast(String route, PromptText prompt);
}
