package dev.pareto.engine.grammar;

import static dev.pareto.engine.grammar.Expression.characters;
import static dev.pareto.engine.grammar.Expression.choice;
import static dev.pareto.engine.grammar.Expression.optional;
import static dev.pareto.engine.grammar.Expression.sequence;
import static dev.pareto.engine.grammar.Expression.text;
import static dev.pareto.engine.grammar.Expression.times;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Numbers between bounds, digit by digit. Where a bound is missing, at most 16 digits are written. */
final class NumberRanges {

    private static final BigInteger MOST = BigInteger.TEN.pow(16).subtract(BigInteger.ONE);
    private static final Expression DIGIT = characters('0', '9');
    private static final Expression ZERO = characters('0', '0');
    /** As many digits as every double tells apart: more would be read as the bound that they stay away from. */
    private static final int DIGITS_OF_DOUBLE = 15;

    private NumberRanges() {}

    /**
     * Whole numbers from one bound to the other, both included; no options where there are none.
     *
     * @param low null for none
     */
    static List<Expression> whole(@Nullable BigDecimal low, boolean lowOut, @Nullable BigDecimal high,
            boolean highOut) {
        var from = low == null
                ? (high == null ? MOST : high.toBigInteger().abs().max(MOST)).negate()
                : ceiling(low, lowOut);
        var to = high == null ? (low == null ? MOST : low.toBigInteger().abs().max(MOST)) : floor(high, highOut);
        var options = new ArrayList<Expression>();
        if (from.signum() < 0 && from.compareTo(to) <= 0) {
            var least = to.signum() < 0 ? to.negate() : BigInteger.ONE;
            options.addAll(natural(least, from.negate()).stream().map(part -> sequence(text("-"), part)).toList());
        }
        if (to.signum() >= 0) {
            options.addAll(natural(from.max(BigInteger.ZERO), to));
        }
        return options;
    }

    /** Numbers between the bounds: the whole ones, zeros behind the point or not, and fractions behind whole parts that leave room for any. */
    static List<Expression> any(@Nullable BigDecimal low, boolean lowOut, @Nullable BigDecimal high, boolean highOut) {
        var options = new ArrayList<Expression>();
        for (var part : whole(low, lowOut, high, highOut)) {
            options.add(sequence(part, optional(sequence(text("."), times(ZERO, 1, DIGITS_OF_DOUBLE)))));
        }
        // n.f lies strictly between n and n + 1, -n.f between -n - 1 and -n: exclusive bounds make no difference.
        var from = low == null ? MOST.negate() : ceiling(low, false);
        var to = high == null ? MOST : floor(high, false);
        addFractions("", from.max(BigInteger.ZERO), to.subtract(BigInteger.ONE), options);
        addFractions("-", to.negate().max(BigInteger.ZERO), from.negate().subtract(BigInteger.ONE), options);
        return options;
    }

    /** Fractions behind the whole parts of a range, not all of their digits zero: strictly more than the whole part. */
    private static void addFractions(String sign, BigInteger low, BigInteger high, List<Expression> options) {
        int digits = low.toString().length();
        for (var part : natural(low, high)) {
            int room = DIGITS_OF_DOUBLE - digits++;
            if (room > 0) {
                options.add(sequence(text(sign), part, text("."), times(DIGIT, 0, room - 1), characters('1', '9'),
                        times(ZERO, 0, DIGITS_OF_DOUBLE)));
            }
        }
    }

    private static BigInteger ceiling(BigDecimal bound, boolean out) {
        var rounded = bound.setScale(0, RoundingMode.CEILING).toBigIntegerExact();
        return out && new BigDecimal(rounded).compareTo(bound) == 0 ? rounded.add(BigInteger.ONE) : rounded;
    }

    private static BigInteger floor(BigDecimal bound, boolean out) {
        var rounded = bound.setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
        return out && new BigDecimal(rounded).compareTo(bound) == 0 ? rounded.subtract(BigInteger.ONE) : rounded;
    }

    /** Natural numbers of a range, by their numbers of digits. */
    private static List<Expression> natural(BigInteger low, BigInteger high) {
        var options = new ArrayList<Expression>();
        if (low.compareTo(high) > 0) {
            return options;
        }
        for (int digits = low.toString().length(); digits <= high.toString().length(); digits++) {
            var least = digits == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(digits - 1);
            var most = BigInteger.TEN.pow(digits).subtract(BigInteger.ONE);
            options.add(sameLength(low.max(least).toString(), high.min(most).toString()));
        }
        return options;
    }

    private static Expression sameLength(String low, String high) {
        int rest = low.length() - 1;
        if (rest < 0) {
            return Expression.EMPTY;
        }
        char first = low.charAt(0);
        char last = high.charAt(0);
        var lowRest = low.substring(1);
        var highRest = high.substring(1);
        boolean lowOpen = lowRest.equals("0".repeat(rest));
        boolean highOpen = highRest.equals("9".repeat(rest));
        if (lowOpen && highOpen) {
            return sequence(characters(first, last), times(DIGIT, rest, rest));
        }
        if (first == last) {
            return sequence(characters(first, first), sameLength(lowRest, highRest));
        }
        var options = new ArrayList<Expression>();
        options.add(sequence(characters(first, first), sameLength(lowRest, "9".repeat(rest))));
        if (first + 1 < last) {
            options.add(sequence(characters(first + 1, last - 1), times(DIGIT, rest, rest)));
        }
        options.add(sequence(characters(last, last), sameLength("0".repeat(rest), highRest)));
        return choice(options);
    }
}
