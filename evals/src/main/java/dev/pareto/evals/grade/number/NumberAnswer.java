package dev.pareto.evals.grade.number;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;
import dev.pareto.evals.grade.json.AnswerField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer's number must equal the key's, both found by a named rule.
 *
 * @param preset the rule
 * @param tolerance largest absolute difference that still counts as equal
 */
public record NumberAnswer(Preset preset, double tolerance) implements TextGrader {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern INTEGER = Pattern.compile("\\d{1,300}+");
    private static final Pattern PERCENT = Pattern.compile(
            "([-−]?\\d{1,15}+(?:[.,]\\d{1,15}+)?)\\s*(?:%|\\\\%|percent\\b|per cent\\b|pp\\b)",
            Pattern.CASE_INSENSITIVE);

    /** Where the number stands. */
    public enum Preset {
        /**
         * As ZeroEval grades GSM8K and MATH: the first number of the JSON field {@code answer} ({@link AnswerField}),
         * dollar signs and commas dropped, a fraction worked out.
         */
        GSM8K,
        /**
         * The last run of digits, commas dropped, its sign not regarded: "… = $1,234." is 1234, "#### 0.5" is 5. By this
         * rule RouteLLM's outcomes on GSM8K were made.
         */
        LAST_INTEGER,
        /** The last percentage, in points; a bare number is taken for one: 12.5 % and 12.5 are equal, 0.125 is not. */
        PERCENT,
        /**
         * The last amount of money, in European or English notation, with k, million and billion; where answer and
         * key both name a currency, it must be the same.
         */
        CURRENCY
    }

    /** Checks the tolerance. */
    public NumberAnswer {
        requireNonNull(preset, "preset is null");
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("the tolerance " + tolerance + " is not 0 or more");
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String key = Texts.requireScalar(expected);
        if (preset == Preset.CURRENCY) {
            return amounts(answer, key);
        }
        if (preset == Preset.GSM8K && AnswerField.find(answer) == null) {
            return Grade.unreadable("no answer field in " + Texts.shown(answer));
        }
        Double wanted = value(key, true);
        Double got = value(answer, false);
        if (wanted == null || got == null) {
            // ZeroEval calls an answer without a number wrong, but not unanswered.
            String reason = "no number in " + Texts.shown(answer);
            return preset == Preset.GSM8K ? Grade.wrong(reason) : Grade.unreadable(reason);
        }
        return Grade.of(Math.abs(wanted - got) <= tolerance, "expected " + wanted + ", got " + got);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        String key = Texts.scalar(expected);
        boolean readable = key != null
                && (preset == Preset.CURRENCY ? Amount.last(key) != null : value(key, true) != null);
        return readable ? null : "needs a number in 'expected'";
    }

    private Grade amounts(String answer, String key) {
        Amount wanted = Amount.last(key);
        Amount got = Amount.last(answer);
        if (wanted == null || got == null) {
            return Grade.unreadable("no amount in " + Texts.shown(answer));
        }
        return Grade.of(got.agrees(wanted, BigDecimal.valueOf(tolerance)), "expected " + wanted + ", got " + got);
    }

    private @Nullable Double value(String text, boolean key) {
        return switch (preset) {
            case GSM8K -> {
                String field = key ? text.replace("#", "") : AnswerField.find(text);
                yield field == null ? null : first(field);
            }
            case LAST_INTEGER -> {
                String digits = last(INTEGER.matcher(text.replace(",", "")), 0);
                yield digits == null ? null : (Double) Double.parseDouble(digits);
            }
            case PERCENT -> {
                String points = last(PERCENT.matcher(text), 1);
                BigDecimal bare = Numbers.last(text);
                yield points != null
                        ? (Double) Double.parseDouble(points.replace(',', '.').replace('−', '-'))
                        : bare == null ? null : (Double) bare.doubleValue();
            }
            case CURRENCY -> throw new IllegalStateException("amounts are read elsewhere");
        };
    }

    private static @Nullable Double first(String field) {
        String plain = field.replace("$", "").strip().replace(",", "");
        Double fraction = plain.contains("/") ? Arithmetic.evaluate(plain) : null;
        if (fraction != null) {
            return fraction;
        }
        Matcher matcher = NUMBER.matcher(plain);
        return matcher.find() ? (Double) Double.parseDouble(matcher.group()) : null;
    }

    private static @Nullable String last(Matcher matcher, int group) {
        String last = null;
        while (matcher.find()) {
            last = matcher.group(group);
        }
        return last;
    }
}
