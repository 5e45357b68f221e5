package dev.pareto.evals.grade.text;

import static java.util.Objects.requireNonNull;

import java.util.List;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Looks for texts within the answer: those of the grader, else those of the key (one text or a list).
 *
 * @param mode how many must be there
 * @param values the texts; empty to take the item's key
 * @param ignoreCase whether case and runs of white space are ignored
 */
public record Contains(Mode mode, List<String> values, boolean ignoreCase) implements TextGrader {

    /** How many of the texts must occur. */
    public enum Mode {
        /** Every one. */
        ALL,
        /** At least one. */
        ANY,
        /** Not a single one. */
        NONE
    }

    /** Copies the texts. */
    public Contains {
        requireNonNull(mode, "mode is null");
        values = List.copyOf(values);
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        List<String> wanted = values.isEmpty() ? Texts.scalars(expected) : values;
        String text = ignoreCase ? Texts.folded(answer) : answer;
        List<String> found = wanted.stream().filter(w -> text.contains(ignoreCase ? Texts.folded(w) : w)).toList();
        return switch (mode) {
            case ALL -> Grade.of(found.size() == wanted.size(), "found " + found + " of " + wanted);
            case ANY -> Grade.of(!found.isEmpty(), "found none of " + wanted);
            case NONE -> Grade.of(found.isEmpty(), "found " + found);
        };
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return values.isEmpty() && Texts.scalars(expected).isEmpty()
                ? "needs 'values' in the grader, or a text or a list of texts in 'expected'"
                : null;
    }
}
