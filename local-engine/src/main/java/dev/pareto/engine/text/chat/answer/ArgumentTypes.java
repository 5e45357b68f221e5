package dev.pareto.engine.text.chat.answer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * What a tool's schema says of one argument's type, for models that write values as bare text. As Qwen's own reader
 * does, an argument that the schema does not name, or gives no type, is a string.
 *
 * @param names of types in JSON schema; never empty
 */
record ArgumentTypes(Set<String> names) {

    private static final int MAX_DEPTH = 20;
    private static final int MAX_PARTS = 1000;

    ArgumentTypes {
        names = names.isEmpty() ? Set.of("string") : Set.copyOf(names);
    }

    static ArgumentTypes of(Map<String, ?> schema, String argument) {
        var search = new Search(schema);
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            search.add(properties.get(argument), 0);
        }
        return new ArgumentTypes(search.found);
    }

    /** Whether a value is a string whatever it says, so that it can be told while it comes. */
    boolean isText() {
        return names.contains("string") && !names.contains("null");
    }

    /** A value as JSON; what does not fit the types is a string. */
    String json(String text) {
        var word = text.strip();
        boolean string = names.contains("string");
        if ((names.contains("null") || !string) && Set.of("null", "none").contains(word.toLowerCase(Locale.ROOT))) {
            return "null";
        }
        var json = string
                ? null
                : PythonValue.json(names.contains("boolean") && isTruth(word)
                        ? word.toLowerCase(Locale.ROOT)
                        : word);
        return json == null || !fits(json) ? Quoting.quoted(text) : json;
    }

    private static boolean isTruth(String word) {
        return word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false");
    }

    private boolean fits(String json) {
        return switch (json.charAt(0)) {
            case '{' -> names.contains("object");
            case '[' -> names.contains("array");
            case '"' -> false;
            case 't', 'f' -> names.contains("boolean");
            default -> names.contains("number") || names.contains("integer");
        };
    }

    /** Looks through a schema for the types that a part of it allows. */
    private static final class Search {

        private final Map<String, ?> root;
        private final Set<String> found = new TreeSet<>();
        private int parts;

        Search(Map<String, ?> root) {
            this.root = root;
        }

        void add(@Nullable Object schema, int depth) {
            if (!(schema instanceof Map<?, ?> map) || depth > MAX_DEPTH || ++parts > MAX_PARTS) {
                return;
            }
            if (map.get("type") instanceof String type) {
                found.add(type);
            } else if (map.get("type") instanceof List<?> types) {
                types.forEach(type -> found.add(String.valueOf(type)));
            } else if (map.containsKey("const")) {
                found.add(typeOf(map.get("const")));
            } else if (map.get("enum") instanceof List<?> values) {
                values.forEach(value -> found.add(typeOf(value)));
            } else if (map.get("$ref") instanceof String pointer) {
                add(resolve(pointer), depth + 1);
            } else {
                for (var combination : List.of("anyOf", "oneOf", "allOf")) {
                    if (map.get(combination) instanceof List<?> schemas) {
                        schemas.forEach(part -> add(part, depth + 1));
                    }
                }
            }
        }

        private @Nullable Object resolve(String pointer) {
            Object at = root;
            if (!pointer.startsWith("#/")) {
                return null;
            }
            for (var name : pointer.substring(2).split("/", -1)) {
                at = at instanceof Map<?, ?> map ? map.get(name.replace("~1", "/").replace("~0", "~")) : null;
            }
            return at;
        }

        private static String typeOf(@Nullable Object value) {
            return switch (value) {
                case null -> "null";
                case String _ -> "string";
                case Boolean _ -> "boolean";
                case Number _ -> "number";
                case List<?> _ -> "array";
                default -> "object";
            };
        }
    }
}
