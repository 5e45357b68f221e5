package dev.pareto.engine;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Texts to be embedded together.
 *
 * @param inputs the tokens of each, as {@link LoadedModel#prompt(String)} gives them
 * @param dimensions the length of the vectors, cut from the model's own; null for all
 * @param timeLimit the longest that all may take, the queue included
 * @param tenant whose they are: where requests wait, tenants take turns; null if that is not known
 */
public record EmbeddingRequest(List<int[]> inputs, @Nullable Integer dimensions, Duration timeLimit,
        @Nullable String tenant) {

    /** The most texts of one request. */
    public static final int MAX_INPUTS = 2048;

    /** Checks the ranges and copies the list. */
    public EmbeddingRequest {
        inputs = List.copyOf(inputs);
        if (inputs.isEmpty() || inputs.size() > MAX_INPUTS) {
            throw new EngineException.InvalidRequest(
                    "there are " + inputs.size() + " texts; 1 to " + MAX_INPUTS + " can be embedded together");
        }
        if (!timeLimit.isPositive()) {
            throw new EngineException.InvalidRequest("the time limit is " + timeLimit + "; it must be positive");
        }
    }

    /** Of nobody in particular. */
    public EmbeddingRequest(List<int[]> inputs, @Nullable Integer dimensions, Duration timeLimit) {
        this(inputs, dimensions, timeLimit, null);
    }
}
