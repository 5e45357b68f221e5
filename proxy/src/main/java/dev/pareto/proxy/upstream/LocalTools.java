package dev.pareto.proxy.upstream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;
import dev.pareto.engine.text.chat.answer.AnswerFormat;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;
import dev.pareto.proxy.upstream.Grammars.Call;
import dev.pareto.proxy.upstream.Grammars.Notation;
import dev.pareto.proxy.upstream.Grammars.Source;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The tools that a chat offers, and whether the model may or must call one.
 *
 * @param offered in OpenAI's shape, in their order; empty where the model must not know any
 * @param forced that the answer must be a call, of which tool if that is given; null if the model chooses
 * @param parallel whether an answer may hold several calls
 */
record LocalTools(List<Map<String, Object>> offered, @Nullable ForcedCall forced, boolean parallel) {

    static final Set<String> FIELDS = Set.of("tools", "tool_choice", "parallel_tool_calls");

    private static final int MAX_TOOLS = 128;
    private static final int MAX_CHARACTERS = 1 << 18;
    private static final String NAME = "[a-zA-Z0-9_.-]{1,64}";
    private static final List<String> CHOICES = List.of("none", "auto", "required");

    LocalTools {
        offered = List.copyOf(offered);
    }

    /** @throws RefusedException naming the field that is wrong */
    static LocalTools read(LocalFields root) {
        List<Map<String, Object>> tools = new ArrayList<>();
        JsonNode given = root.get("tools");
        if (!given.isMissingNode() && !given.isArray()) {
            throw root.wrongType("tools", "an array of objects");
        }
        if (given.size() > MAX_TOOLS) {
            throw WrongField.of("array_above_max_length", "Invalid 'tools': array too long. Expected an array with "
                    + "maximum length " + MAX_TOOLS + ", but got an array with length " + given.size() + " instead.",
                    "tools");
        }
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode tool : given) {
            String at = "tools[" + tools.size() + "]";
            if (!tool.isObject()) {
                throw root.wrongType("tools", "an array of objects");
            }
            tools.add(tool(new LocalFields(tool, at + "."), names));
        }
        boolean parallel = !root.has("parallel_tool_calls") || root.flag("parallel_tool_calls");
        return choice(root, tools, names, parallel);
    }

    private static Map<String, Object> tool(LocalFields tool, Set<String> names) {
        tool.require("type");
        if (!"function".equals(tool.text("type"))) {
            throw WrongField.noneOf(tool.path("type"), String.valueOf(tool.text("type")), List.of("function"));
        }
        if (!tool.require("function").isObject()) {
            throw tool.wrongType("function", "an object");
        }
        LocalFields function = new LocalFields(tool.get("function"), tool.path("function."));
        for (String name : function.object().propertyNames()) {
            if (!Set.of("name", "description", "parameters", "strict").contains(name) && function.has(name)) {
                throw WrongField.unknown(function.path(name));
            }
        }
        function.require("name");
        function.flag("strict");
        String name = function.text("name");
        if (name == null || !name.matches(NAME)) {
            throw WrongField.of("invalid_value", "Invalid '" + function.path("name")
                    + "': expected a string of 1 to 64 letters, digits, dots, underscores and dashes.",
                    function.path("name"));
        }
        if (!names.add(name)) {
            throw WrongField.of("invalid_value",
                    "Invalid '" + function.path("name") + "': two tools have the name '" + name + "'.",
                    function.path("name"));
        }
        String description = function.text("description");
        Map<String, Object> shaped = new LinkedHashMap<>();
        shaped.put("name", name);
        shaped.put("description", description == null ? "" : description);
        shaped.put("parameters", parameters(function));
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("type", "function");
        whole.put("function", shaped);
        return whole;
    }

    /** Arguments are always an object; a tool that says nothing of them has none. */
    private static Object parameters(LocalFields function) {
        JsonNode schema = function.get("parameters");
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("type", "object");
        if (schema.isMissingNode()) {
            plain.put("properties", Map.of());
            return plain;
        }
        String type = schema.path("type").asString("");
        if (!schema.isObject() || (schema.has("type") && !type.equals("object"))) {
            throw WrongField.of("invalid_function_parameters", "Invalid schema for '" + function.path("name")
                    + "': the schema of a tool's arguments must be an object of type \"object\".",
                    function.path("parameters"));
        }
        if (schema.toString().length() > MAX_CHARACTERS) {
            throw WrongField.of("invalid_function_parameters", "Invalid '" + function.path("parameters")
                    + "': the schema has more than " + MAX_CHARACTERS + " characters.", function.path("parameters"));
        }
        if (Json.mapper().treeToValue(schema, Object.class) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> plain.put(String.valueOf(key), value));
        }
        return plain;
    }

    private static LocalTools choice(LocalFields root, List<Map<String, Object>> tools, Set<String> names,
            boolean parallel) {
        JsonNode choice = root.get("tool_choice");
        if (choice.isMissingNode()) {
            return new LocalTools(tools, null, parallel);
        }
        String word = choice.asString("");
        if (choice.isString() && !CHOICES.contains(word)) {
            throw WrongField.noneOf("tool_choice", word, CHOICES);
        }
        if (!choice.isString() && !choice.isObject()) {
            throw root.wrongType("tool_choice", "one of a string or object");
        }
        if (tools.isEmpty() && !word.equals("none") && !word.equals("auto")) {
            throw WrongField.of("invalid_value",
                    "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
                    "tool_choice");
        }
        return switch (word) {
            case "none" -> new LocalTools(List.of(), null, parallel);
            case "auto" -> new LocalTools(tools, null, parallel);
            case "required" -> new LocalTools(tools,
                    new ForcedCall(names.size() == 1 ? names.iterator().next() : null), parallel);
            default -> new LocalTools(tools, new ForcedCall(named(new LocalFields(choice, "tool_choice."), names)),
                    parallel);
        };
    }

    private static String named(LocalFields choice, Set<String> names) {
        choice.require("type");
        if (!"function".equals(choice.text("type"))) {
            throw WrongField.noneOf("tool_choice.type", String.valueOf(choice.text("type")), List.of("function"));
        }
        if (!choice.require("function").isObject()) {
            throw choice.wrongType("function", "an object");
        }
        LocalFields function = new LocalFields(choice.get("function"), "tool_choice.function.");
        function.require("name");
        String name = function.text("name");
        if (name == null || !names.contains(name)) {
            throw WrongField.of("invalid_value", "Invalid value for 'tool_choice': the function '" + name
                    + "' is none of the tools.", "tool_choice");
        }
        return name;
    }

    /** The schemas of the arguments of the tools that are offered, by the tools' names. */
    Map<String, Map<String, ?>> schemas() {
        Map<String, Map<String, ?>> schemas = new LinkedHashMap<>();
        for (Map<String, Object> tool : offered) {
            Map<String, Object> schema = new LinkedHashMap<>();
            if (function(tool).get("parameters") instanceof Map<?, ?> parameters) {
                parameters.forEach((key, value) -> schema.put(String.valueOf(key), value));
            }
            schemas.put(String.valueOf(function(tool).get("name")), schema);
        }
        return schemas;
    }

    /**
     * Only a loaded model's template knows.
     *
     * @throws RefusedException if it knows no tools, but the request has some
     */
    void requireKnown(TemplateTraits traits, List<Map<String, Object>> messages) {
        if (traits.tools()) {
            return;
        }
        if (!offered.isEmpty()) {
            throw unknown("tools");
        }
        for (int i = 0; i < messages.size(); i++) {
            if ("tool".equals(messages.get(i).get("role"))) {
                throw unknown("messages[" + i + "].role");
            } else if (messages.get(i).containsKey("tool_calls")) {
                throw unknown("messages[" + i + "].tool_calls");
            }
        }
    }

    /** The refusal of a field that only a model with tools has a place for. */
    static RefusedException unknown(String field) {
        return WrongField.of("unsupported_parameter", "Unsupported parameter: '" + field
                + "' is not supported with this model; its chat template knows no tools. Use a model whose template "
                + "does, or leave '" + field + "' out.", field);
    }

    /** What the rest of a forced call must match; null if none is forced. */
    @Nullable
    LocalFormat grammar(AnswerFormat format) {
        if (forced == null) {
            return null;
        }
        String tool = forced.tool();
        List<Object> calls = new ArrayList<>();
        for (int i = 0; i < offered.size(); i++) {
            Map<?, ?> function = function(offered.get(i));
            Object schema = function.get("parameters");
            if (function.get("name") instanceof String name && schema != null) {
                if (name.equals(tool)) {
                    return format(schema, "tools[" + i + "].function.parameters");
                }
                calls.add(call(format, name,
                        moved(schema, "#/anyOf/" + i + "/properties/" + format.argumentsKey())));
            }
        }
        return format(Map.of("anyOf", calls), "tools");
    }

    /** How the model writes the calls that it may make. */
    List<Call> calls(AnswerFormat format) {
        List<Call> calls = new ArrayList<>();
        if (forced == null) {
            schemas().forEach((name, schema) -> calls.add(new Call(
                    format.opening(name).stream().map(Segment::text).collect(Collectors.joining()),
                    new Source(Notation.JSON_SCHEMA, Json.mapper().writeValueAsString(schema)), format.closing())));
        }
        return calls;
    }

    private static Object call(AnswerFormat format, String name, Object schema) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(format.nameKey(), Map.of("const", name));
        properties.put(format.argumentsKey(), schema);
        return Map.of("type", "object", "properties", properties, "required",
                List.of(format.nameKey(), format.argumentsKey()), "additionalProperties", false);
    }

    /** A schema whose references to itself hold at its new place. */
    private static Object moved(Object schema, String place) {
        return switch (schema) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, value) -> copy.put(String.valueOf(key),
                        "$ref".equals(key) && value instanceof String to && to.startsWith("#")
                                ? place + to.substring(1)
                                : moved(value, place)));
                yield copy;
            }
            case List<?> list -> list.stream().map(one -> moved(one, place)).toList();
            default -> schema;
        };
    }

    private static LocalFormat format(Object schema, String param) {
        return new LocalFormat(new Source(Notation.JSON_SCHEMA, Json.mapper().writeValueAsString(schema)), param,
                "'" + param + "'");
    }

    private static Map<?, ?> function(Map<String, Object> tool) {
        return tool.get("function") instanceof Map<?, ?> function ? function : Map.of();
    }
}
