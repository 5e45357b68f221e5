package dev.pareto.policies.predict;

import org.jspecify.annotations.Nullable;

/** What is known of accuracy now. Called for every request: answers from memory and never blocks. Safe for many threads. */
public interface Accuracies {

    /** Nothing was learnt yet. */
    Accuracies UNKNOWN = new Accuracies() {
        @Override
        public boolean knows(String route) {
            return false;
        }

        @Override
        public @Nullable AccuracyForecasts forecast(String route, PromptText prompt) {
            return null;
        }
    };

    /** Whether there is anything to ask of a route; if not, nobody need read its prompts. */
    default boolean knows(String route) {
        return true;
    }

    /** Null where the route has no predictor. */
    @Nullable
    AccuracyForecasts forecast(String route, PromptText prompt);
}
