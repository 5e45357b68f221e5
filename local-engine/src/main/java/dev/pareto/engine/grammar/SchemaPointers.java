package dev.pareto.engine.grammar;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;

/** Finds what lies where in a schema, and whether two parts of it can hold for the same value. */
final class SchemaPointers {

    /** Pairs of parts, names and constants that are compared for one schema, and characters of these: below a second. */
    private static final int MAX_COMPARED = 10_000_000;

    private final Object root;
    private int compared;

    SchemaPointers(Object root) {
        this.root = root;
    }

    /** What a JSON pointer in a fragment (RFC 6901) leads to. */
    @Nullable
    Object resolve(String pointer) {
        Object found = root;
        if (!pointer.equals("#") && !pointer.startsWith("#/")) {
            throw SchemaCompiler.wrong(pointer, "'$ref' knows no anchors, only places such as #/$defs/name");
        }
        for (var part : pointer.equals("#") ? new String[0] : pointer.substring(2).split("/", -1)) {
            var name = decoded(part).replace("~1", "/").replace("~0", "~");
            if (found instanceof Map<?, ?> map && map.containsKey(name)) {
                found = map.get(name);
            } else if (found instanceof List<?> list && name.matches("[0-9]{1,6}")
                    && Integer.parseInt(name) < list.size()) {
                found = list.get(Integer.parseInt(name));
            } else {
                throw SchemaCompiler.wrong(pointer, "nothing is there for '$ref' to refer to");
            }
        }
        return found;
    }

    /** A part of a fragment without its percent signs; as it is where these mean nothing. */
    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noEscape) {
            return part;
        }
    }

    /**
     * Two parts of which both might hold for one value, in words, or null: of {@code oneOf} exactly one may. Parts are
     * told apart by their types, or by the constants of a required property.
     */
    @Nullable
    String overlap(List<?> parts) {
        var targets = new ArrayList<@Nullable Object>();
        parts.forEach(part -> targets.add(target(part)));
        for (int i = 0; i < targets.size(); i++) {
            for (int j = i + 1; j < targets.size(); j++) {
                if (!differ(targets.get(i), targets.get(j))) {
                    return "parts " + i + " and " + j;
                }
            }
        }
        return null;
    }

    private @Nullable Object target(@Nullable Object schema) {
        return schema instanceof Map<?, ?> map && map.get("$ref") instanceof String pointer ? resolve(pointer) : schema;
    }

    private boolean differ(@Nullable Object a, @Nullable Object b) {
        compare(1);
        if (!(a instanceof Map<?, ?> left) || !(b instanceof Map<?, ?> right)) {
            return false;
        }
        if (left.get("type") instanceof String one && right.get("type") instanceof String other && !one.equals(other)) {
            return !Set.of(one, other).equals(Set.of("integer", "number"));
        }
        var first = constants(left);
        var second = constants(right);
        if (first != null && second != null) {
            compare((long) first.size() * second.size());
            return first.stream().noneMatch(second::contains);
        }
        if (!(left.get("properties") instanceof Map<?, ?> ours && right.get("properties") instanceof Map<?, ?> theirs
                && left.get("required") instanceof List<?> needed && right.get("required") instanceof List<?> wanted)) {
            return false;
        }
        compare((long) ours.size() * (needed.size() + wanted.size()));
        return ours.keySet()
                .stream()
                .anyMatch(name -> needed.contains(name) && wanted.contains(name)
                        && differ(ours.get(name), theirs.get(name)));
    }

    private void compare(long pairs) {
        if (compared + pairs > MAX_COMPARED) {
            throw new EngineException.InvalidRequest(
                    "the JSON schema has a 'oneOf' of too many parts to be told apart; use 'anyOf'");
        }
        compared += (int) pairs;
    }

    private @Nullable List<String> constants(Map<?, ?> schema) {
        if (schema.containsKey("const")) {
            return List.of(written(schema.get("const")));
        }
        return schema.get("enum") instanceof List<?> values ? values.stream().map(this::written).toList() : null;
    }

    private String written(@Nullable Object value) {
        var text = JsonText.write(value);
        compare(text.length());
        return text;
    }

    /** Whether a value is of a type of JSON schema; 1.0 is an integer. */
    static boolean isOfType(@Nullable Object value, String type) {
        return switch (type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            case "number" -> value instanceof Number;
            default -> value instanceof Number number && JsonText.decimal(number).stripTrailingZeros().scale() <= 0;
        };
    }
}
