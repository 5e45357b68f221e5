package dev.pareto.proxy.upstream;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;
import dev.pareto.proxy.upstream.Grammars.Notation;
import dev.pareto.proxy.upstream.Grammars.Recipe;
import dev.pareto.proxy.upstream.Grammars.Source;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What the text of an answer must match, as the request writes it: OpenAI's {@code response_format}, or one of the fields that
 * llama.cpp, vLLM and SGLang have for the same.
 *
 * @param param the field that says so
 * @param subject what is wrong, when it is wrong: {@code 'grammar'}
 */
record LocalFormat(Source source, String param, String subject) {

    /** A field's value, in one of the shapes that servers take. */
    private enum Shape {
        SCHEMA, REGEX, GBNF, CHOICE
    }

    private static final Map<String, Shape> PLAIN = Map.of("grammar", Shape.GBNF, "json_schema", Shape.SCHEMA,
            "guided_json", Shape.SCHEMA, "guided_regex", Shape.REGEX, "guided_choice", Shape.CHOICE, "guided_grammar",
            Shape.GBNF, "regex", Shape.REGEX, "ebnf", Shape.GBNF);

    /** What vLLM's {@code structured_outputs} holds, {@code json_object} aside. */
    private static final Map<String, Shape> STRUCTURED = Map.of("json", Shape.SCHEMA, "regex", Shape.REGEX, "choice",
            Shape.CHOICE, "grammar", Shape.GBNF);

    static final Set<String> FIELDS = fields();

    private static final List<String> TYPES = List.of("text", "json_object", "json_schema");
    private static final String ANY_OBJECT = "{\"type\":\"object\"}";
    private static final int MAX_CHARACTERS = 1 << 18;
    private static final int MAX_CHOICES = 1_000;
    private static final int MAX_MESSAGE = 600;
    private static final int MAX_NAME = 64;

    /**
     * What a request asks for; null for any text.
     *
     * @throws RefusedException naming the field that is wrong, or the second that says what the answer must match
     */
    static @Nullable LocalFormat read(LocalFields root) {
        List<LocalFormat> all = new ArrayList<>();
        for (String name : root.object().propertyNames()) {
            if (!FIELDS.contains(name) || !root.has(name)) {
                continue;
            }
            Shape shape = PLAIN.get(name);
            if (shape != null) {
                add(all, value(root, name, shape));
            } else if (name.equals("response_format")) {
                add(all, responseFormat(inner(root, name)));
            } else {
                structured(inner(root, name), all);
            }
        }
        if (all.size() > 1) {
            throw WrongField.of("invalid_value", "'" + all.get(0).param + "' and '" + all.get(1).param
                    + "' both say what the answer must match; send one of them.", all.get(1).param);
        }
        return all.isEmpty() ? null : all.getFirst();
    }

    /** @throws RefusedException with the place in it, if it cannot be followed */
    Grammar compile(Grammars grammars) {
        return compile(grammars, source);
    }

    /**
     * @param whole what an answer must match that follows this format
     * @throws RefusedException with the place in the format, if it cannot be followed
     */
    Grammar compile(Grammars grammars, Recipe whole) {
        try {
            return grammars.get(whole);
        } catch (EngineException.InvalidRequest wrong) {
            String why = String.valueOf(wrong.getMessage());
            String shown = why.length() > MAX_MESSAGE ? why.substring(0, MAX_MESSAGE) + "…" : why + ".";
            throw WrongField.of(code(), "Invalid " + subject + ": " + shown, param);
        }
    }

    private String code() {
        return switch (source.notation()) {
            case GBNF -> "invalid_grammar";
            case REGEX -> "invalid_regex";
            case JSON_SCHEMA -> "invalid_json_schema";
        };
    }

    private static @Nullable LocalFormat responseFormat(LocalFields format) {
        format.require("type");
        String type = format.text("type");
        if (type == null || !TYPES.contains(type)) {
            throw WrongField.noneOf(format.path("type"), String.valueOf(type), TYPES);
        }
        requireKnown(format, switch (type) {
            case "json_object" -> Set.of("type", "schema");
            case "json_schema" -> Set.of("type", "json_schema");
            default -> Set.of("type");
        });
        return switch (type) {
            case "json_object" -> format.has("schema")
                    ? value(format, "schema", Shape.SCHEMA)
                    : new LocalFormat(new Source(Notation.JSON_SCHEMA, ANY_OBJECT), "response_format",
                            "'response_format'");
            case "json_schema" -> named(inner(format, "json_schema"));
            default -> null;
        };
    }

    /** OpenAI's shape; {@code strict} changes nothing, since every answer follows its schema. */
    private static LocalFormat named(LocalFields format) {
        requireKnown(format, Set.of("name", "description", "strict", "schema"));
        format.require("name");
        String name = format.text("name");
        if (name == null || !name.matches("[a-zA-Z0-9_-]{1," + MAX_NAME + "}")) {
            throw WrongField.of("invalid_value", "Invalid '" + format.path("name") + "': expected a string of 1 to "
                    + MAX_NAME + " letters, digits, underscores and dashes.", format.path("name"));
        }
        format.text("description");
        format.flag("strict");
        if (!format.require("schema").isObject()) {
            throw format.wrongType("schema", "an object");
        }
        LocalFormat schema = schema(format, "schema", format.get("schema"));
        return new LocalFormat(schema.source, schema.param, "schema for response_format '" + name + "'");
    }

    private static void structured(LocalFields outputs, List<LocalFormat> all) {
        for (String name : outputs.object().propertyNames()) {
            if (!outputs.has(name)) {
                continue;
            }
            Shape shape = STRUCTURED.get(name);
            if (shape != null) {
                add(all, value(outputs, name, shape));
            } else if (!name.equals("json_object")) {
                throw WrongField.unknown(outputs.path(name));
            } else if (outputs.flag(name)) {
                all.add(new LocalFormat(new Source(Notation.JSON_SCHEMA, ANY_OBJECT), outputs.path(name),
                        "'" + outputs.path(name) + "'"));
            }
        }
    }

    /** Null where the text is empty, which is llama.cpp's default. */
    private static @Nullable LocalFormat value(LocalFields fields, String name, Shape shape) {
        return switch (shape) {
            case GBNF -> text(fields, name, Notation.GBNF);
            case REGEX -> text(fields, name, Notation.REGEX);
            case CHOICE -> of(fields, name, Notation.GBNF, choice(fields, name));
            case SCHEMA -> {
                JsonNode schema = fields.get(name);
                yield schema(fields, name, schema.isString() ? parsed(fields, name, schema.asString()) : schema);
            }
        };
    }

    private static @Nullable LocalFormat text(LocalFields fields, String name, Notation notation) {
        String text = fields.text(name);
        return text == null || text.isEmpty() ? null : of(fields, name, notation, text);
    }

    private static LocalFormat schema(LocalFields fields, String name, JsonNode schema) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw fields.wrongType(name, "an object");
        }
        return of(fields, name, Notation.JSON_SCHEMA, schema.toString());
    }

    private static LocalFormat of(LocalFields fields, String name, Notation notation, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw WrongField.of("string_above_max_length",
                    "Invalid '" + fields.path(name) + "': too long. Expected at most " + MAX_CHARACTERS
                            + " characters, but got " + text.length() + " instead.",
                    fields.path(name));
        }
        return new LocalFormat(new Source(notation, text), fields.path(name), "'" + fields.path(name) + "'");
    }

    /** vLLM and SGLang take schemas as text, too. */
    private static JsonNode parsed(LocalFields fields, String name, String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JacksonException wrong) {
            throw WrongField.of("invalid_json_schema", "Invalid '" + fields.path(name) + "': the text is not JSON.",
                    fields.path(name));
        }
    }

    /** The texts as alternatives. */
    private static String choice(LocalFields fields, String name) {
        JsonNode choices = fields.get(name);
        if (!choices.isArray() || !choices.valueStream().allMatch(JsonNode::isString)) {
            throw fields.wrongType(name, "an array of strings");
        }
        if (choices.isEmpty() || choices.size() > MAX_CHOICES) {
            throw WrongField.of(choices.isEmpty() ? "empty_array" : "array_above_max_length", "Invalid '"
                    + fields.path(name) + "': expected an array with a length of 1 to " + MAX_CHOICES
                    + ", but got one of " + choices.size() + " instead.", fields.path(name));
        }
        return choices.valueStream()
                .map(text -> '"' + text.asString().replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(" | ", "root ::= ", ""));
    }

    private static LocalFields inner(LocalFields fields, String name) {
        if (!fields.require(name).isObject()) {
            throw fields.wrongType(name, "an object");
        }
        return new LocalFields(fields.get(name), fields.path(name) + ".");
    }

    private static void requireKnown(LocalFields fields, Set<String> names) {
        for (String name : fields.object().propertyNames()) {
            if (!names.contains(name) && fields.has(name)) {
                throw WrongField.unknown(fields.path(name));
            }
        }
    }

    private static void add(List<LocalFormat> all, @Nullable LocalFormat one) {
        if (one != null) {
            all.add(one);
        }
    }

    private static Set<String> fields() {
        Set<String> all = new LinkedHashSet<>(PLAIN.keySet());
        all.add("response_format");
        all.add("structured_outputs");
        return Set.copyOf(all);
    }
}
