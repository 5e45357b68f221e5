package dev.pareto.evals.grade.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

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
public record JsonFields(List<String> fields, boolean tolerant, boolean caseSensitive) implements TextGrader {

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
        JsonEquality equality = new JsonEquality(caseSensitive);
        List<String> different = new ArrayList<>();
        for (String field : fields.isEmpty() ? List.copyOf(expected.propertyNames()) : fields) {
            JsonNode wanted = expected.get(field);
            JsonNode got = parsed.get().get(field);
            if (!equality.equal(wanted, got)) {
                different.add(field + ": expected " + wanted + ", got " + got);
            }
        }
        return Grade.of(different.isEmpty(), String.join("; ", different));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return expected == null || !expected.isObject() ? "needs an object in 'expected'" : null;
    }
}
