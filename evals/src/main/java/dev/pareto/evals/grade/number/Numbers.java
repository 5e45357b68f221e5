package dev.pareto.evals.grade.number;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Finds numbers in texts. Digits are bounded so that no answer can make the arithmetic slow. */
public final class Numbers {

    private static final Pattern NUMBER = Pattern
            .compile(
                    "(?<![\\p{L}\\p{N}_.])[-−]?(?:\\$|€|£)?(?:\\d{1,3}(?:,\\d{3})++|\\d{1,60}+)(?:\\.\\d{1,30}+)?(?!\\d)");

    private Numbers() {}

    /** The last number in the text; null when there is none. */
    public static @Nullable BigDecimal last(String text) {
        Matcher matcher = NUMBER.matcher(text);
        BigDecimal last = null;
        while (matcher.find()) {
            last = value(matcher.group());
        }
        return last;
    }

    /** The text as one number; null when it is anything else. */
    public static @Nullable BigDecimal whole(String text) {
        Matcher matcher = NUMBER.matcher(text);
        return matcher.matches() ? value(text) : null;
    }

    private static BigDecimal value(String text) {
        StringBuilder digits = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '-' || c == '−') {
                digits.append('-');
            } else if (c == '.' || (c >= '0' && c <= '9')) {
                digits.append(c);
            }
        }
        return new BigDecimal(digits.toString());
    }
}
