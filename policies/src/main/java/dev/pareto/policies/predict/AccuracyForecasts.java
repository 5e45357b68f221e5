package dev.pareto.policies.predict;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.Influence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is predicted of every model of one route for one prompt. The prompt is read once, when this is made. For one decision, by one
 * thread, and not to be kept beyond it.
 */
public interface AccuracyForecasts {

    /** Null where the route's predictor knows nothing of the model. */
    @Nullable
    AccuracyForecast of(ModelId model);

    /**
     * Whether the candidate may keep this prompt under "within a margin of the reference, with so much confidence". The threshold comes
     * from the labels of prompts that both models answered, by learn-then-test.
     *
     * @param margin the share of prompts that may be lost against the reference, in (0, 1)
     * @param confidence with which that is promised, in (0, 1)
     */
    FloorAnswer floor(ModelId candidate, ModelId reference, double margin, double confidence);

    /** How long the model's answer will be; null where that is not known better than by route. */
    default @Nullable TokenForecast outputTokens(ModelId model) {
        return null;
    }

    /** The mean of {@link #outputTokens}; 0 where that is unknown. */
    default int expectedTokens(ModelId model) {
        TokenForecast forecast = outputTokens(model);
        return forecast == null ? 0 : forecast.mean();
    }

    /** The bound of {@link #outputTokens}; 0 where that is unknown. */
    default int mostTokens(ModelId model) {
        TokenForecast forecast = outputTokens(model);
        return forecast == null ? 0 : forecast.bound();
    }

    /** Nobody asks any more: what was read of the prompt is let go, and its room is used for the next one. */
    default void done() {}

    /** What moved the forecast most, the strongest first; empty where there is none. Computed when asked, for a decision opened up. */
    List<Influence> why(ModelId model);
}
