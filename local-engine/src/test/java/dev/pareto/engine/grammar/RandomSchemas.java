package dev.pareto.engine.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes schemas up, with everything that can be followed. */
public final class RandomSchemas {

    private static final List<String> PATTERNS = List.of("^[a-c]+$", "\\d", "^(?:na|me){1,3}-?\\w$",
            "^\\S+@\\S+$|^none$",
            "[\"\\\\]", "^[^a-z]{2,4}");
    /** Without e-mail: the validator wants a top-level domain that exists. */
    private static final List<String> FORMATS = List.of("date", "date-time", "time", "uuid", "ipv4");
    private static final List<String> NAMES = List.of("name", "id", "a", "ab", "abc", "é", "x\"y", "na me", "n1");

    private final RandomGenerator random;

    /** Draws from this. */
    public RandomSchemas(RandomGenerator random) {
        this.random = random;
    }

    /** A schema with definitions that refer to themselves. */
    public Map<String, Object> next() {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("$defs",
                Map.of("list", Map.of("type", "array", "items", Map.of("$ref", "#/$defs/node"), "maxItems", 2),
                        "node", node()));
        schema.putAll(value(3));
        if (schema.containsKey("$ref")) {
            schema.put("description", "only a reference");
        }
        return schema;
    }

    private static Map<String, Object> node() {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("v", Map.of("type", List.of("integer", "null")));
        properties.put("next", Map.of("anyOf", List.of(Map.of("$ref", "#/$defs/node"), Map.of("type", "null"))));
        return Map.of("type", "object", "properties", properties, "required", List.of("v"), "additionalProperties",
                false);
    }

    private Map<String, Object> value(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 8)) {
            case 0 -> new LinkedHashMap<>(Map.of("enum", enumeration()));
            case 1 -> new LinkedHashMap<>(Map.of("type", List.of("boolean", "null")));
            case 2 -> string();
            case 3 -> new LinkedHashMap<>(Map.of("type", "string", "format", one(FORMATS)));
            case 4 -> new LinkedHashMap<>(Map.of("type", "string", "pattern", one(PATTERNS)));
            case 5 -> number();
            case 6 -> new LinkedHashMap<>(Map.of("$ref", "#/$defs/" + (random.nextBoolean() ? "node" : "list")));
            case 7 -> new LinkedHashMap<>(Map.of("const", one(enumeration())));
            case 8 -> array(depth);
            case 9 -> new LinkedHashMap<>(Map.of("anyOf", List.of(value(depth - 1), value(depth - 1))));
            default -> object(depth);
        };
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private List<Object> enumeration() {
        return List.of("a", "na\"me\\", 1, -2.5, true, List.of(1, Map.of()), Map.of("k", "é\n"), "")
                .subList(0, random.nextInt(1, 9));
    }

    private Map<String, Object> string() {
        var schema = new LinkedHashMap<String, Object>(Map.of("type", "string"));
        int least = random.nextInt(4);
        if (random.nextBoolean()) {
            schema.put("minLength", least);
        }
        if (random.nextBoolean()) {
            schema.put("maxLength", least + random.nextInt(5));
        }
        return schema;
    }

    private Map<String, Object> number() {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", random.nextBoolean() ? "integer" : "number");
        int low = random.nextInt(-300, 300);
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", low);
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", low + 2 + random.nextInt(400));
        }
        return schema;
    }

    private Map<String, Object> array(int depth) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", "array");
        int least = random.nextInt(3);
        if (random.nextBoolean()) {
            schema.put("minItems", least);
        }
        if (random.nextBoolean()) {
            schema.put("maxItems", least + random.nextInt(3));
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
        for (int i = random.nextInt(5); i > 0; i--) {
            names.add(one(NAMES));
        }
        for (var name : names) {
            properties.put(name, value(depth - 1));
            if (random.nextBoolean()) {
                required.add(name);
            }
        }
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        switch (random.nextInt(3)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.put("additionalProperties", value(0));
            default -> {
            }
        }
        return schema;
    }
}
