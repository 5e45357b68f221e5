package dev.pareto.engine.grammar;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;

/** Plain values as compact JSON, bounded in depth and length. */
final class JsonText {

    static final int MAX_DEPTH = 100;
    private static final int MAX_LENGTH = 1 << 20;

    private final StringBuilder out = new StringBuilder();

    private JsonText() {}

    static String write(@Nullable Object value) {
        var text = new JsonText();
        text.value(value, 0);
        return text.out.toString();
    }

    private void value(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH || out.length() > MAX_LENGTH) {
            throw new EngineException.InvalidRequest("the JSON schema is nested deeper than " + MAX_DEPTH
                    + " levels or longer than " + MAX_LENGTH + " characters");
        }
        switch (value) {
            case null -> out.append("null");
            case Boolean flag -> out.append(flag);
            case Number number -> out.append(number(number));
            case String text -> string(text);
            case List<?> list -> {
                char separator = '[';
                for (var element : list) {
                    out.append(separator);
                    value(element, depth + 1);
                    separator = ',';
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case Map<?, ?> map -> {
                char separator = '{';
                for (var entry : map.entrySet()) {
                    out.append(separator);
                    string(String.valueOf(entry.getKey()));
                    out.append(':');
                    value(entry.getValue(), depth + 1);
                    separator = ',';
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            default ->
                throw new EngineException.InvalidRequest("a JSON schema is made of maps, lists, strings, numbers "
                        + "and booleans, not of " + value.getClass().getName());
        }
    }

    private static String number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            if (!Double.isFinite(value)) {
                throw new EngineException.InvalidRequest("the JSON schema holds " + number + ", which is no number");
            }
            return decimal(number).stripTrailingZeros().toPlainString();
        }
        return number.toString();
    }

    /** The exact value as people wrote it: 0.1 stays 0.1. */
    static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                out.append("\\u%04x".formatted((int) c)); // UTF-8 has no half of a pair
            } else {
                out.append(escaped(c));
            }
        }
        out.append('"');
    }

    /** A character of a string as JSON writes it. */
    static String escaped(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            default -> c < 0x20 ? "\\u%04x".formatted((int) c) : String.valueOf(c);
        };
    }
}
