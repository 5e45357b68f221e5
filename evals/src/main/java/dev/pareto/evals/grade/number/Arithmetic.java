package dev.pareto.evals.grade.number;

import org.jspecify.annotations.Nullable;

/** Evaluates short expressions of numbers, {@code + - * / **}, brackets, {@code sqrt(…)} and {@code pi}. */
final class Arithmetic {

    private static final int MAX_LENGTH = 200;

    private final String text;
    private int at;

    private Arithmetic(String text) {
        this.text = text;
    }

    /** The value; null when the text is no such expression or its value is not finite. */
    static @Nullable Double evaluate(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        Arithmetic parser = new Arithmetic(text);
        try {
            double value = parser.sum();
            parser.spaces();
            return parser.at == text.length() && Double.isFinite(value) ? (Double) value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private double sum() {
        double value = product();
        while (true) {
            if (take("+")) {
                value += product();
            } else if (take("-")) {
                value -= product();
            } else {
                return value;
            }
        }
    }

    private double product() {
        double value = signed();
        while (true) {
            if (peek("**")) {
                throw wrong();
            } else if (take("*")) {
                value *= signed();
            } else if (take("/")) {
                value /= signed();
            } else {
                return value;
            }
        }
    }

    private double signed() {
        if (take("-")) {
            return -signed();
        }
        if (take("+")) {
            return signed();
        }
        double base = atom();
        return take("**") ? Math.pow(base, signed()) : base;
    }

    private double atom() {
        if (take("sqrt(")) {
            return Math.sqrt(closed());
        }
        if (take("(")) {
            return closed();
        }
        if (take("pi")) {
            return Math.PI;
        }
        spaces();
        int start = at;
        while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        return Double.parseDouble(text.substring(start, at));
    }

    private double closed() {
        double value = sum();
        if (!take(")")) {
            throw wrong();
        }
        return value;
    }

    private boolean take(String token) {
        if (peek(token)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private boolean peek(String token) {
        spaces();
        return text.startsWith(token, at);
    }

    private void spaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private static NumberFormatException wrong() {
        return new NumberFormatException("not an expression");
    }
}
