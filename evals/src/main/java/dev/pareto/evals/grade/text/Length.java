package dev.pareto.evals.grade.text;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer's length must lie within bounds.
 *
 * @param unit what is counted
 * @param min fewest
 * @param max most
 */
public record Length(Unit unit, int min, int max) implements TextGrader {

    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** What is counted. */
    public enum Unit {
        /** Unicode code points of the stripped answer. */
        CHARACTERS,
        /** Runs of anything but white space. */
        WORDS,
        /** Lines that are not blank. */
        LINES
    }

    /** Checks the bounds. */
    public Length {
        requireNonNull(unit, "unit is null");
        if (min < 0 || max < min) {
            throw new IllegalArgumentException("needs 0 <= min <= max, not " + min + " and " + max);
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String text = answer.strip();
        long length = switch (unit) {
            case CHARACTERS -> text.codePointCount(0, text.length());
            case WORDS -> SPACES.splitAsStream(text).filter(word -> !word.isEmpty()).count();
            case LINES -> text.lines().filter(line -> !line.isBlank()).count();
        };
        return Grade.of(length >= min && length <= max,
                length + " " + unit.name().toLowerCase(Locale.ROOT) + ", not " + min + " to " + max);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
