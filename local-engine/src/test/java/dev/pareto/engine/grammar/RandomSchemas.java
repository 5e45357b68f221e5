package dev.pareto.engine.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/** Makes schemas up, with everything that can be followed: equal seeds give equal schemas. */
public final class RandomSchemas {

    /** Without the dot and white space, which the validator's regular expressions read otherwise than ECMA 262 does. */
    private static final List<String> PATTERNS = List.of("^[a-c]+$", "\\d", "^(?:na|me){1,3}-?\\w$",
            "^\\S+@\\S+$|^none$", "[\"\\\\]", "^[^a-z]{2,4}", "^[A-Z]{2}-[0-9]{3,6}$",
            "^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$",
            "^\\p{Lu}\\p{Ll}{0,9}$", "^v?[0-9]+(?:\\.[0-9]+){0,2}$", "^$|^[^\\n]{3}$", "^(?:(?:a|b){2}|c?)*d$", "é|中",
            "^[\\u00e0-\\u00ff\\ud83e\\udd8a]{1,3}$", "(?:x|yz){2,}?");
    /** Without e-mail: the validator wants a top-level domain that exists. */
    private static final List<String> FORMATS = List.of("date", "date-time", "time", "uuid", "ipv4");
    private static final List<String> NAMES = List.of("name", "id", "a", "ab", "abc", "é", "x\"y", "na me", "n1",
            "type", "a/b", "items", "");
    private static final List<String> TYPES = List.of("integer", "string", "boolean", "null", "array", "object");
    private static final List<String> DEFINITIONS = List.of("node", "list", "tree", "menu", "node/properties/v");

    private final RandomGenerator random;

    public RandomSchemas(RandomGenerator random) {
        this.random = random;
    }

    /** A schema with definitions, some of which refer to themselves. */
    public Map<String, Object> next() {
        var schema = schema("$defs", definitions());
        schema.putAll(value(4));
        if (schema.containsKey("$ref")) {
            schema.put("description", "only a reference");
        }
        return schema;
    }

    private static Map<String, Object> definitions() {
        var node = object(List.of("v"), "v", schema("type", List.of("integer", "null")), "next",
                orNull(reference("node")));
        var tree = object(List.of("key"), "key", schema("type", "string", "maxLength", 4), "left",
                orNull(reference("tree")), "right", orNull(reference("tree")));
        return schema("list", schema("type", "array", "items", reference("node"), "maxItems", 2), "node", node, "tree",
                tree, "menu", schema("type", "array", "items", reference("menu"), "maxItems", 2));
    }

    /** Pairs of a key and what it leads to, in order. */
    private static Map<String, Object> schema(Object... pairs) {
        var schema = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            schema.put((String) pairs[i], pairs[i + 1]);
        }
        return schema;
    }

    /** A closed object of these properties. */
    private static Map<String, Object> object(List<String> required, Object... properties) {
        return schema("type", "object", "properties", schema(properties), "required", required, "additionalProperties",
                false);
    }

    private static Map<String, Object> reference(String definition) {
        return schema("$ref", "#/$defs/" + definition);
    }

    private static Map<String, Object> orNull(Map<String, Object> schema) {
        return schema("anyOf", List.of(schema, schema("type", "null")));
    }

    private Map<String, Object> value(int depth) {
        return switch (random.nextInt(depth > 0 ? 20 : 11)) {
            case 0 -> schema("enum", enumeration());
            case 1 -> constant();
            case 2, 3 -> string();
            case 4 -> schema("type", "string", "format", one(FORMATS));
            case 5 -> schema("type", "string", "pattern", one(PATTERNS));
            case 6, 7 -> number();
            case 8 -> reference(one(DEFINITIONS));
            case 9 -> schema("type", List.of("boolean", "null"), "title", "yes, no or neither");
            case 10 -> severalTypes();
            case 11, 12 -> array(depth);
            case 13 -> schema("anyOf", List.of(value(depth - 1), value(depth - 1), value(0)).subList(0, small(1, 3)));
            case 14 -> oneOf(depth);
            case 15 -> random.nextBoolean() ? schema("allOf", List.of(value(depth - 1))) : stringsOfTwoKinds();
            case 16 -> random.nextInt(4) == 0 ? schema("description", "anything") : object(depth);
            default -> object(depth);
        };
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** From the first to the last, both included. */
    private int small(int first, int last) {
        return random.nextInt(first, last + 1);
    }

    private List<@Nullable Object> enumeration() {
        var all = new ArrayList<@Nullable Object>(List.of("a", "na\"me\\", 1, -2.5, true, List.of(1, Map.of()),
                Map.of("k", "é\n"), "", "🦊", 12_345_678_901_234L, "ab", List.of()));
        all.add(null);
        for (int i = all.size() - 1; i > 0; i--) {
            Collections.swap(all, i, random.nextInt(i + 1));
        }
        return all.subList(0, small(1, 8));
    }

    private Map<String, Object> constant() {
        var value = enumeration().getFirst();
        return value == null ? schema("type", "null") : schema("const", value);
    }

    private Map<String, Object> string() {
        var schema = schema("type", "string");
        int least = random.nextInt(40) == 0 ? random.nextInt(300) : random.nextInt(4);
        if (random.nextBoolean()) {
            schema.put("minLength", least);
        }
        if (random.nextInt(4) > 0) {
            schema.put("maxLength", least + random.nextInt(random.nextInt(4) == 0 ? 40 : 5));
        }
        return schema;
    }

    private Map<String, Object> stringsOfTwoKinds() {
        return schema("type", "string", "anyOf", List.of(schema("type", "string", "enum", List.of("none", "n/a")),
                schema("type", "string", "pattern", one(PATTERNS))));
    }

    private Map<String, Object> number() {
        boolean whole = random.nextBoolean();
        var schema = schema("type", whole ? "integer" : "number");
        double size = one(List.of(3.0, 300.0, 1e6, 1e14));
        double low = Math.floor((random.nextDouble() - 0.5) * size) + one(List.of(0.0, 0.0, 0.25));
        double high = low + 2 + Math.floor(random.nextDouble() * size);
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", written(low));
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", written(high));
        }
        if (whole && random.nextInt(5) == 0) {
            schema.put("multipleOf", 1);
        }
        return schema;
    }

    private static Number written(double value) {
        return value == Math.rint(value) ? (Number) (long) value : (Number) value;
    }

    private Map<String, Object> severalTypes() {
        return switch (random.nextInt(3)) {
            case 0 -> schema("type", List.of("string", "null"), "maxLength", random.nextInt(9));
            case 1 -> schema("type", List.of("integer", "boolean"), "minimum", random.nextInt(99));
            default -> schema("type", List.of("array", "number"), "items", schema("type", "null"), "maxItems", 3);
        };
    }

    private Map<String, Object> oneOf(int depth) {
        var parts = new ArrayList<Object>();
        switch (random.nextInt(3)) {
            case 0 -> {
                int first = random.nextInt(TYPES.size());
                for (int i = small(2, 4); i > 0; i--) {
                    parts.add(schema("type", TYPES.get((first + i) % TYPES.size())));
                }
            }
            case 1 -> parts.addAll(List.of(schema("const", 1), schema("enum", List.of("b", false)),
                    schema("const", List.of())));
            default -> {
                for (var kind : List.of("circle", "square", "line").subList(0, small(2, 3))) {
                    parts.add(object(List.of("kind"), "kind", schema("const", kind), "size", value(depth - 1)));
                }
            }
        }
        return schema("oneOf", parts);
    }

    private Map<String, Object> array(int depth) {
        if (random.nextInt(40) == 0) {
            return schema("type", "array", "items", schema("type", "boolean"), "minItems", small(50, 250));
        }
        var schema = schema("type", "array");
        int least = random.nextInt(3);
        if (random.nextBoolean()) {
            schema.put("minItems", least);
        }
        if (random.nextInt(4) > 0) {
            schema.put("maxItems", least + random.nextInt(4));
        }
        if (random.nextInt(4) == 0) {
            schema.put("prefixItems", List.of(value(depth - 1), value(depth - 1)));
        }
        schema.put("items", value(depth - 1));
        return schema;
    }

    private Map<String, Object> object(int depth) {
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        var names = new LinkedHashSet<String>();
        for (int i = random.nextInt(6); i > 0; i--) {
            names.add(one(NAMES));
        }
        for (var name : names) {
            properties.put(name, value(depth - 1));
            if (random.nextBoolean()) {
                required.add(name);
            }
        }
        var schema = schema("type", "object", "properties", properties, "required", required);
        switch (random.nextInt(5)) {
            case 0, 1 -> schema.put("additionalProperties", false);
            case 2 -> {
                schema.put("additionalProperties", value(0));
                if (random.nextBoolean()) {
                    required.add("further");
                }
            }
            default -> {
            }
        }
        return schema;
    }
}
