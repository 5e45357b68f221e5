package dev.pareto.evals.grade.number;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The last number of the answer must equal the key. Thousands separators and currency signs do not count.
 *
 * @param tolerance largest absolute difference that still counts as equal
 */
public record NumberMatch(BigDecimal tolerance) implements TextGrader {

    /** Checks the tolerance. */
    public NumberMatch {
        requireNonNull(tolerance, "tolerance is null");
        if (tolerance.signum() < 0) {
            throw new IllegalArgumentException("the tolerance is negative");
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        BigDecimal key = key(expected);
        if (key == null) {
            throw new IllegalArgumentException("the item has no number in 'expected'");
        }
        BigDecimal number = Numbers.last(answer);
        if (number == null) {
            return Grade.unreadable("no number in " + Texts.shown(answer));
        }
        return Grade.of(number.subtract(key).abs().compareTo(tolerance) <= 0,
                "expected " + key.toPlainString() + ", got " + number.toPlainString());
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return key(expected) == null ? "needs a number in 'expected'" : null;
    }

    private static @Nullable BigDecimal key(@Nullable JsonNode expected) {
        String text = Texts.scalar(expected);
        return text == null ? null : Numbers.whole(text.strip());
    }
}
