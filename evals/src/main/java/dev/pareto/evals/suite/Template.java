package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * A text with places for values: {@code {{name}}}, {@code {{a.b}}}, {@code {{a[0]}}}. Nothing else of Mustache, Jinja or
 * Nunjucks: what branches, loops or calls is refused, so that a prompt cannot do more than it shows. Nothing is escaped.
 * Immutable.
 */
public final class Template {

    private static final Pattern PLACE = Pattern.compile("\\{\\{(.*?)}}", Pattern.DOTALL);
    private static final Pattern PATH = Pattern.compile(
            "([\\p{L}_][\\p{L}\\p{N}_-]*)((?:\\.[\\p{L}_][\\p{L}\\p{N}_-]*|\\[\\d{1,6}]|\\[['\"][^'\"\\]]*['\"]])*)");
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[(\\d+)]|\\[['\"]([^'\"\\]]*)['\"]]");
    private static final Pattern TRIM = Pattern.compile("\\s*\\|\\s*trim$|\\.(?:strip|trim)\\(\\)$");

    private final List<Part> parts;

    private sealed interface Part {

        record Text(String text) implements Part {}

        /** @param pointer RFC 6901 */
        record Place(String shown, String pointer, boolean trimmed) implements Part {}
    }

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** A Mustache template of variables. @throws IllegalArgumentException that says what is not one */
    public static Template mustache(String text) {
        return parse(text.replaceAll("(?s)\\{\\{!.*?}}", ""));
    }

    /** A Jinja or Nunjucks template of variables. @throws IllegalArgumentException that says what is not one */
    public static Template jinja(String text) {
        String without = text.replaceAll("(?s)\\{#.*?#}", "");
        int block = without.indexOf("{%");
        if (block >= 0) {
            throw new IllegalArgumentException(
                    "'" + shown(without.substring(block)) + "' is a program, not a variable");
        }
        return parse(without);
    }

    private static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher places = PLACE.matcher(text);
        int end = 0;
        while (places.find()) {
            if (places.start() > end) {
                parts.add(new Part.Text(text.substring(end, places.start())));
            }
            end = places.end();
            String inner = requireNonNull(places.group(1));
            if (inner.startsWith("{") && text.startsWith("}", end)) {
                inner = inner.substring(1);
                end++;
            }
            parts.add(place(inner.startsWith("&") ? inner.substring(1).strip() : inner.strip()));
        }
        if (end < text.length()) {
            parts.add(new Part.Text(text.substring(end)));
        }
        return new Template(parts);
    }

    private static Part.Place place(String inner) {
        Matcher trim = TRIM.matcher(inner);
        boolean trimmed = trim.find();
        Matcher path = PATH.matcher(trimmed ? inner.substring(0, trim.start()) : inner);
        if (!path.matches()) {
            throw new IllegalArgumentException("'{{" + shown(inner) + "}}' is more than the name of a variable");
        }
        StringBuilder pointer = new StringBuilder("/").append(path.group(1));
        Matcher steps = STEP.matcher(requireNonNull(path.group(2)));
        while (steps.find()) {
            String step = steps.group(1) != null
                    ? steps.group(1)
                    : steps.group(2) != null ? steps.group(2) : steps.group(3);
            pointer.append('/').append(requireNonNull(step).replace("~", "~0").replace("/", "~1"));
        }
        return new Part.Place(inner, pointer.toString(), trimmed);
    }

    /**
     * The text with the values in their places; a list or an object as compact JSON.
     *
     * @throws IllegalArgumentException when a value is missing
     */
    public String render(JsonNode values) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text literal -> text.append(literal.text());
                case Part.Place place -> {
                    String value = text(values.at(place.pointer()));
                    if (value == null) {
                        throw new IllegalArgumentException("there is no value for {{" + place.shown() + "}}");
                    }
                    text.append(place.trimmed() ? value.strip() : value);
                }
            }
        }
        return text.toString();
    }

    /** The value itself where the template is one place and nothing else; null otherwise or when it is missing. */
    public @Nullable JsonNode value(JsonNode values) {
        if (parts.size() != 1 || !(parts.getFirst() instanceof Part.Place place)) {
            return null;
        }
        JsonNode value = values.at(place.pointer());
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    /** Whether the text has no places at all. */
    public boolean constant() {
        return parts.stream().allMatch(Part.Text.class::isInstance);
    }

    private static @Nullable String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isNumber()) {
            return value.decimalValue().toPlainString();
        }
        return value.isValueNode() ? value.asString() : value.toString();
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 60 ? line : line.substring(0, 57) + "...";
    }
}
