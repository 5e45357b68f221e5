package dev.pareto.evals.grade.tools;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call that would be right.
 *
 * @param name of the function
 * @param allowed per argument the values that are right; the empty text among them says that it may be left out
 */
record ExpectedCall(String name, Map<String, List<JsonNode>> allowed) {

    /** Copies the arguments. */
    ExpectedCall {
        requireNonNull(name, "name is null");
        allowed = Map.copyOf(allowed);
    }

    /**
     * The calls of a key: an object or a list of them, each either BFCL's {@code {"f": {"a": [1, 2], "b": ["x", ""]}}},
     * where each argument lists what is right, or {@code {"name": "f", "arguments": {"a": 1}, "optional": ["b"]}}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static List<ExpectedCall> read(JsonNode key) {
        List<ExpectedCall> calls = new ArrayList<>();
        for (JsonNode call : key.isArray() ? List.copyOf(key.values()) : List.of(key)) {
            if (!call.isObject()) {
                throw new IllegalArgumentException("a call is an object, not " + call);
            }
            calls.add(call.path("name").isString() ? plain(call) : listed(call));
        }
        return calls;
    }

    boolean mayLack(String argument) {
        return allowed.getOrDefault(argument, List.of()).stream().anyMatch(ExpectedCall::blank);
    }

    static boolean blank(JsonNode value) {
        return value.isString() && value.stringValue().isEmpty();
    }

    private static ExpectedCall listed(JsonNode call) {
        if (call.size() != 1 || !call.values().iterator().next().isObject()) {
            throw new IllegalArgumentException(
                    "a call is {\"function\": {\"argument\": [right, values]}}, not " + call);
        }
        Map.Entry<String, JsonNode> only = call.properties().iterator().next();
        Map<String, List<JsonNode>> allowed = new HashMap<>();
        for (Map.Entry<String, JsonNode> argument : only.getValue().properties()) {
            if (!argument.getValue().isArray()) {
                throw new IllegalArgumentException("argument '" + argument.getKey() + "' of '" + only.getKey()
                        + "' must list the values that are right");
            }
            allowed.put(argument.getKey(), List.copyOf(argument.getValue().values()));
        }
        return new ExpectedCall(only.getKey(), allowed);
    }

    private static ExpectedCall plain(JsonNode call) {
        Map<String, List<JsonNode>> allowed = new HashMap<>();
        JsonNode arguments = call.path("arguments");
        if (!arguments.isMissingNode() && !arguments.isObject()) {
            throw new IllegalArgumentException("'arguments' is an object, not " + arguments);
        }
        arguments.properties().forEach(entry -> allowed.put(entry.getKey(), List.of(listed(entry.getValue(), 0))));
        for (JsonNode optional : call.path("optional")) {
            String name = optional.asString();
            List<JsonNode> values = new ArrayList<>(allowed.getOrDefault(name, List.of()));
            values.add(JsonNodeFactory.instance.stringNode(""));
            allowed.put(name, List.copyOf(values));
        }
        return new ExpectedCall(call.path("name").stringValue(), allowed);
    }

    /** A plain object as BFCL lists one: each of its values in a list. */
    private static JsonNode listed(JsonNode value, int depth) {
        if (depth == 0 && value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> array.add(listed(element, 1)));
            return array;
        }
        if (!value.isObject()) {
            return value;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        value.properties().forEach(entry -> object.putArray(entry.getKey()).add(entry.getValue()));
        return object;
    }
}
