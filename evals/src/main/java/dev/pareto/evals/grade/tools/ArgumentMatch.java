package dev.pareto.evals.grade.tools;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * When an argument is right, as BFCL has it: an integer may stand for a float and nothing else for anything; texts
 * are compared without case, spaces and {@code , . / - _ * ^}; lists in order; objects key by key.
 */
final class ArgumentMatch {

    private static final Pattern IGNORED = Pattern.compile("[ ,./\\-_*^]");

    private ArgumentMatch() {}

    /**
     * Why the value is wrong; null when it is right.
     *
     * @param type as declared; null when the function was not declared
     */
    static @Nullable String problem(JsonNode value, List<JsonNode> allowed, @Nullable String type) {
        List<JsonNode> values = allowed.stream().filter(right -> !ExpectedCall.blank(right)).toList();
        if (type != null && !typed(value, type)) {
            // BFCL's "variable": a name where a value was asked for is right when the key has that very name.
            boolean named = value.isString() && values.stream().anyMatch(JsonNode::isString);
            boolean kind = values.stream()
                    .anyMatch(right -> right.getNodeType() == value.getNodeType()
                            && right.isIntegralNumber() == value.isIntegralNumber());
            if (!named && !kind) {
                return "expected " + type + ", got " + value;
            }
            return values.stream().anyMatch(right -> same(value, right, false)) ? null : unexpected(value, values);
        }
        for (JsonNode right : values) {
            if (matches(value, right)) {
                return null;
            }
        }
        boolean blankAllowed = allowed.size() > values.size();
        return blankAllowed && ExpectedCall.blank(value) ? null : unexpected(value, values);
    }

    private static String unexpected(JsonNode value, List<JsonNode> values) {
        return "expected " + (values.size() == 1 ? values.getFirst().toString() : "one of " + values) + ", got "
                + value;
    }

    private static boolean matches(JsonNode value, JsonNode right) {
        if (value.isObject() && right.isObject()) {
            return objects(value, right);
        }
        if (value.isArray() && right.isArray() && value.size() == right.size()) {
            for (int i = 0; i < value.size(); i++) {
                JsonNode element = value.get(i);
                JsonNode wanted = right.get(i);
                boolean both = element.isObject() && wanted.isObject();
                if (!(both ? objects(element, wanted) : same(element, wanted, true))) {
                    return false;
                }
            }
            return true;
        }
        return same(value, right, true);
    }

    /** The key lists per field what is right; a field whose list holds the empty text may be absent. */
    private static boolean objects(JsonNode value, JsonNode right) {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode allowed = right.get(field.getKey());
            if (allowed == null || !allowed.isArray()
                    || allowed.valueStream().noneMatch(one -> same(field.getValue(), one, true))) {
                return false;
            }
        }
        return right.properties()
                .stream()
                .allMatch(field -> value.has(field.getKey())
                        || field.getValue().valueStream().anyMatch(ExpectedCall::blank));
    }

    private static boolean same(JsonNode value, JsonNode right, boolean standardised) {
        if (value.isString() && right.isString()) {
            return standardised
                    ? standard(value.stringValue()).equals(standard(right.stringValue()))
                    : value.stringValue().equals(right.stringValue());
        }
        if (value.isNumber() && right.isNumber()) {
            return value.decimalValue().compareTo(right.decimalValue()) == 0;
        }
        if (value.isArray() && right.isArray()) {
            if (value.size() != right.size()) {
                return false;
            }
            for (int i = 0; i < value.size(); i++) {
                if (!same(value.get(i), right.get(i), standardised)) {
                    return false;
                }
            }
            return true;
        }
        if (value.isObject() && right.isObject()) {
            return value.size() == right.size() && value.properties()
                    .stream()
                    .allMatch(field -> right.has(field.getKey())
                            && same(field.getValue(), right.path(field.getKey()), standardised));
        }
        return value.equals(right);
    }

    private static String standard(String text) {
        return IGNORED.matcher(text).replaceAll("").toLowerCase(Locale.ROOT).replace('\'', '"');
    }

    private static boolean typed(JsonNode value, String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "string" -> value.isString();
            case "integer", "int", "long" -> value.isIntegralNumber();
            case "float", "number", "double" -> value.isNumber();
            case "boolean", "bool" -> value.isBoolean();
            case "array", "tuple", "list" -> value.isArray();
            case "dict", "object" -> value.isObject();
            default -> true;
        };
    }
}
