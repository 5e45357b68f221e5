package dev.pareto.evals.grade.json;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The whole answer must be one JSON value without duplicate keys.
 *
 * @param tolerant whether prose and code fences around it are forgiven
 */
public record JsonValid(boolean tolerant) implements TextGrader {

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        return JsonAnswer.parse(answer, tolerant).isPresent()
                ? Grade.right("valid JSON")
                : Grade.unreadable("not JSON: " + Texts.shown(answer));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
