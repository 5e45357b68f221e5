package dev.pareto.evals.grade;

import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The part of JSONPath that suites need: {@code $.a.b}, property names only.
 *
 * @param names the properties from the root down
 */
public record JsonPath(List<String> names) {

    private static final Pattern SYNTAX = Pattern.compile("\\$(\\.[\\p{L}_][\\p{L}\\p{N}_-]*)+");
    private static final Pattern DOT = Pattern.compile("\\.");

    /** Copies the names. */
    public JsonPath {
        names = List.copyOf(names);
    }

    /** @throws IllegalArgumentException when the text is not of the form $.a.b */
    public static JsonPath parse(String text) {
        if (!SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a path of the form $.name.name");
        }
        return new JsonPath(List.of(DOT.split(text.substring(2))));
    }

    /** The value there, or null. */
    public @Nullable JsonNode find(JsonNode root) {
        JsonNode node = root;
        for (String name : names) {
            node = node == null ? null : node.get(name);
        }
        return node;
    }

    @Override
    public String toString() {
        return "$." + String.join(".", names);
    }
}
