package dev.pareto.evals.grade.content;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer must be in a language.
 *
 * @param language ISO 639-1 code; null to take the item's key
 */
public record LanguageMatch(@Nullable String language) implements TextGrader {

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String wanted = language == null ? Texts.requireScalar(expected) : language;
        String detected = Languages.detect(answer);
        return detected == null
                ? Grade.unreadable("no language can be told of " + Texts.shown(answer))
                : Grade.of(detected.equals(wanted), "expected " + wanted + ", got " + detected);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return language == null ? Texts.needsScalar(expected) : null;
    }
}
