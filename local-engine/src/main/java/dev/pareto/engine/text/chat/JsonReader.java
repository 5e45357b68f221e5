package dev.pareto.engine.text.chat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Reads JSON objects into plain maps: arguments come as text, and many templates want them as data (RFC 8259). */
final class JsonReader {

    private static final int MAX_DEPTH = 60;
    private static final int MAX_NUMBER = 400;

    private final String text;
    private int at;

    /** Tells that a text is not JSON. */
    private static final class NotJson extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotJson() {
            super("not JSON", null, false, false);
        }
    }

    private JsonReader(String text) {
        this.text = text;
    }

    /** The object, or null where the text is anything else or nested deeper than 60 levels. */
    static @Nullable Map<String, @Nullable Object> object(String text) {
        try {
            var reader = new JsonReader(text);
            reader.space();
            if (reader.peek() != '{') {
                return null;
            }
            var object = reader.map(0);
            reader.space();
            return reader.at == text.length() ? object : null;
        } catch (NotJson e) {
            return null;
        }
    }

    private @Nullable Object value(int depth) {
        return switch (peek()) {
            case '{' -> map(depth + 1);
            case '[' -> list(depth + 1);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> map(int depth) {
        enter(depth);
        var map = new LinkedHashMap<String, @Nullable Object>();
        if (skip('}')) {
            return map;
        }
        do {
            space();
            var key = string();
            space();
            expect(':');
            space();
            map.put(key, value(depth));
            space();
        } while (skipHere(','));
        expect('}');
        return map;
    }

    private List<@Nullable Object> list(int depth) {
        enter(depth);
        var list = new ArrayList<@Nullable Object>();
        if (skip(']')) {
            return list;
        }
        do {
            space();
            list.add(value(depth));
            space();
        } while (skipHere(','));
        expect(']');
        return list;
    }

    private void enter(int depth) {
        at++;
        if (depth > MAX_DEPTH) {
            throw new NotJson();
        }
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < 0x20) {
                throw new NotJson();
            }
            out.append(c == '\\' ? escape() : c);
        }
        at++;
        return out.toString();
    }

    private char escape() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw new NotJson();
                }
                int code = 0;
                for (int end = at + 4; at < end; at++) {
                    int digit = Character.digit(text.charAt(at), 16);
                    if (digit < 0) {
                        throw new NotJson();
                    }
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw new NotJson();
        };
    }

    private Object number() {
        int from = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        var digits = text.substring(from, at);
        if (digits.length() > MAX_NUMBER || !digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,9})?")) {
            throw new NotJson();
        }
        if (digits.matches("-?[0-9]{1,18}")) {
            return Long.parseLong(digits);
        }
        return new BigDecimal(digits).doubleValue();
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw new NotJson();
        }
        at += word.length();
        return value;
    }

    private char peek() {
        if (at == text.length()) {
            throw new NotJson();
        }
        return text.charAt(at);
    }

    private void space() {
        while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean skip(char c) {
        space();
        return skipHere(c);
    }

    private boolean skipHere(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new NotJson();
        }
        at++;
    }
}
