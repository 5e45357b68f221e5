package dev.pareto.evals.grade.tools;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * What a model was told about a function.
 *
 * @param name of the function
 * @param types the declared type of each parameter, in BFCL's or JSON Schema's words
 * @param required parameters that must be given
 */
public record ToolDefinition(String name, Map<String, String> types, Set<String> required) {

    /** Copies the collections. */
    public ToolDefinition {
        requireNonNull(name, "name is null");
        types = Map.copyOf(types);
        required = Set.copyOf(required);
    }

    /**
     * The functions of a list in the OpenAI shape, or of bare {@code {"name", "parameters"}}.
     *
     * @throws IllegalArgumentException when an entry has no name
     */
    public static List<ToolDefinition> read(JsonNode tools) {
        List<ToolDefinition> definitions = new ArrayList<>();
        for (JsonNode tool : tools.isArray() ? List.copyOf(tools.values()) : List.of(tools)) {
            JsonNode function = tool.path("function").isObject() ? tool.path("function") : tool;
            if (!function.path("name").isString()) {
                throw new IllegalArgumentException("a function without a name: " + tool);
            }
            JsonNode parameters = function.has("parameters")
                    ? function.path("parameters")
                    : function.path("input_schema");
            Map<String, String> types = new HashMap<>();
            parameters.path("properties")
                    .properties()
                    .forEach(entry -> types.put(entry.getKey(), entry.getValue().path("type").asString("any")));
            Set<String> required = new HashSet<>();
            parameters.path("required").forEach(name -> required.add(name.asString()));
            definitions.add(new ToolDefinition(function.path("name").stringValue(), types, required));
        }
        return definitions;
    }
}
