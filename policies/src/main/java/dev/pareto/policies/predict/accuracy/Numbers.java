package dev.pareto.policies.predict.accuracy;

/** Reads decimal numbers out of running text: {@code 1,234.5}; signs and units are the reader's. */
final class Numbers {

    /** Larger ones are read as this. */
    static final double MOST = 1e15;

    private Numbers() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether this character, before a digit, may belong to the same number. */
    static boolean mayContinue(String text, int at) {
        char c = text.charAt(at);
        return isDigit(c) || ((c == ',' || c == '.') && at > 0 && isDigit(text.charAt(at - 1)))
                || (c == '-' && (at == 0
                        || (!Character.isLetterOrDigit(text.charAt(at - 1)) && text.charAt(at - 1) != ' ')));
    }

    /** One past the number that begins here. */
    static int end(String text, int from, int to) {
        int at = from;
        boolean point = false;
        while (at < to) {
            char c = text.charAt(at);
            boolean digitNext = at + 1 < to && isDigit(text.charAt(at + 1));
            if (c == '.' && !point && digitNext) {
                point = true;
            } else if (!isDigit(c) && !(c == ',' && !point && at + 3 < to && digitNext && isDigit(text.charAt(at + 2))
                    && isDigit(text.charAt(at + 3)))) {
                break;
            }
            at++;
        }
        return at;
    }

    /** The number between these places, which {@link #end} delimited. */
    static double value(String text, int from, int end) {
        double value = 0;
        double place = 0;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                place = 1;
            } else if (c != ',') {
                value = value * 10 + (c - '0');
                place *= 10; // 0 until the point
            }
        }
        double read = place > 0 ? value / place : value;
        return read < MOST ? read : MOST; // endless digits are no number at all
    }

    /** The first number between these places, with its sign; NaN when there is none. */
    static double first(String text, int from, int to) {
        for (int at = from; at < to; at++) {
            if (isDigit(text.charAt(at))) {
                double value = value(text, at, end(text, at, to));
                int sign = at - 1;
                while (sign >= from && (text.charAt(sign) == '$' || text.charAt(sign) == ' ')) {
                    sign--;
                }
                return sign >= from && text.charAt(sign) == '-' ? -value : value;
            }
        }
        return Double.NaN;
    }

    static boolean same(double a, double b) {
        return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }
}
