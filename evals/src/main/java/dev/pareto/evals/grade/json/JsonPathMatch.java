package dev.pareto.evals.grade.json;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The value at a path of the JSON answer must equal the key's value there, or the key itself where it is no object.
 *
 * @param path where to look
 * @param tolerant whether prose and code fences around the JSON are forgiven
 */
public record JsonPathMatch(JsonPath path, boolean tolerant) implements TextGrader {

    private static final JsonEquality EQUALITY = new JsonEquality(false);

    /** Checks the path. */
    public JsonPathMatch {
        requireNonNull(path, "path is null");
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        JsonNode found = JsonAnswer.parse(answer, tolerant).map(path::find).orElse(null);
        if (found == null) {
            return Grade.unreadable("nothing at " + path + " in " + Texts.shown(answer));
        }
        JsonNode wanted = wanted(expected);
        return Grade.of(EQUALITY.equal(wanted, found), path + ": expected " + wanted + ", got " + found);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return wanted(expected) == null ? "needs a value in 'expected', or one at " + path + " of it" : null;
    }

    private @Nullable JsonNode wanted(@Nullable JsonNode expected) {
        return expected != null && expected.isObject() ? path.find(expected) : expected;
    }
}
