package dev.pareto.evals.grade.json;

import java.math.BigDecimal;

import dev.pareto.evals.grade.Texts;
import dev.pareto.evals.grade.number.Numbers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * When two JSON values say the same: 12.5, 12.50 and "12.50" are equal, so are an absent field, null and "". White
 * space at the ends of texts does not count.
 *
 * @param caseSensitive whether texts must agree in case and inner white space
 */
record JsonEquality(boolean caseSensitive) {

    boolean equal(@Nullable JsonNode one, @Nullable JsonNode other) {
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
