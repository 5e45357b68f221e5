package dev.pareto.evals.grade.json;

import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The part of JSONPath that suites need: {@code $.a.b[0]}, property names and indices only.
 *
 * @param names the properties and indices from the root down
 */
public record JsonPath(List<String> names) {

    private static final Pattern SYNTAX = Pattern.compile("\\$(\\.[\\p{L}_][\\p{L}\\p{N}_-]*|\\[\\d{1,6}\\])+");
    private static final Pattern STEP = Pattern.compile("[.\\[\\]]+");

    /** Copies the names. */
    public JsonPath {
        names = List.copyOf(names);
    }

    /** @throws IllegalArgumentException when the text is not of the form $.a.b[0] */
    public static JsonPath parse(String text) {
        if (!SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a path of the form $.name[0].name");
        }
        return new JsonPath(STEP.splitAsStream(text.substring(1)).filter(step -> !step.isEmpty()).toList());
    }

    /** The value there, or null. */
    public @Nullable JsonNode find(JsonNode root) {
        JsonNode node = root;
        for (String name : names) {
            node = node == null ? null : node.isArray() ? element(node, name) : node.get(name);
        }
        return node;
    }

    private static @Nullable JsonNode element(JsonNode array, String step) {
        return Character.isDigit(step.charAt(0)) ? array.get(Integer.parseInt(step)) : null;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("$");
        for (String step : names) {
            text.append(Character.isDigit(step.charAt(0)) ? "[" + step + "]" : "." + step);
        }
        return text.toString();
    }
}
