package dev.pareto.evals.grade.tools;

import static java.util.Objects.requireNonNull;

import tools.jackson.databind.JsonNode;

/**
 * A call that a model made.
 *
 * @param name of the function
 * @param arguments a JSON object
 */
public record ToolCall(String name, JsonNode arguments) {

    /** Checks the shape. */
    public ToolCall {
        requireNonNull(name, "name is null");
        if (!arguments.isObject()) {
            throw new IllegalArgumentException("arguments are an object, not " + arguments);
        }
    }
}
