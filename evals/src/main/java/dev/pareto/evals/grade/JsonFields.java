package dev.pareto.evals.grade;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer must be a JSON object whose named fields all equal those of the key. The order of fields and list
 * elements' white space and case do not count; 12.5, 12.50 and "12.50" are equal; an absent field, null and ""
 * are equal.
 *
 * @param fields the fields that count; empty for all fields of the key
 * @param tolerant whether prose and code fences around the object are forgiven
 * @param caseSensitive whether texts must agree in case
 */
public record JsonFields(List<String> fields, boolean tolerant, boolean caseSensitive) implements Grader {

    /** Copies the fields. */
    public JsonFields {
        fields = List.copyOf(fields);
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        if (expected == null || !expected.isObject()) {
            throw new IllegalArgumentException("the item has no object in 'expected'");
        }
        Optional<JsonNode> parsed = JsonAnswer.parse(answer, tolerant);
        if (parsed.isEmpty() || !parsed.get().isObject()) {
            return Grade.unreadable("not a JSON object: " + Texts.shown(answer));
        }
        List<String> different = new ArrayList<>();
        for (String field : fields.isEmpty() ? List.copyOf(expected.propertyNames()) : fields) {
            JsonNode wanted = expected.get(field);
            JsonNode got = parsed.get().get(field);
            if (!equal(wanted, got)) {
                different.add(field + ": expected " + wanted + ", got " + got);
            }
        }
        return Grade.of(different.isEmpty(), String.join("; ", different));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return expected == null || !expected.isObject() ? "needs an object in 'expected'" : null;
    }

    private boolean equal(@Nullable JsonNode one, @Nullable JsonNode other) {
        JsonNode first = present(one);
        JsonNode second = present(other);
        if (first == null || second == null) {
            return first == null && second == null;
        }
        if (first.isArray() || second.isArray()) {
            return arraysEqual(first, second);
        }
        if (first.isObject() || second.isObject()) {
            return objectsEqual(first, second);
        }
        String a = first.asString().strip();
        String b = second.asString().strip();
        BigDecimal x = Numbers.whole(a);
        BigDecimal y = Numbers.whole(b);
        if (x != null && y != null && (first.isNumber() || second.isNumber())) {
            return x.compareTo(y) == 0;
        }
        return caseSensitive ? a.equals(b) : Texts.folded(a).equals(Texts.folded(b));
    }

    private boolean arraysEqual(JsonNode first, JsonNode second) {
        if (!first.isArray() || !second.isArray() || first.size() != second.size()) {
            return false;
        }
        for (int i = 0; i < first.size(); i++) {
            if (!equal(first.get(i), second.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean objectsEqual(JsonNode first, JsonNode second) {
        if (!first.isObject() || !second.isObject()) {
            return false;
        }
        return first.propertyNames().stream().allMatch(name -> equal(first.get(name), second.get(name)))
                && second.propertyNames().stream().allMatch(name -> equal(first.get(name), second.get(name)));
    }

    private static @Nullable JsonNode present(@Nullable JsonNode node) {
        return node == null || node.isNull() || (node.isString() && node.asString().isBlank()) ? null : node;
    }
}
