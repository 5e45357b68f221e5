package dev.pareto.engine.text.chat.answer;

import java.util.BitSet;

/**
 * Follows one JSON object character by character and says at each whether it can still become one (RFC 8259). Depth is
 * bounded. Not thread-safe.
 */
final class JsonScanner {

    private static final int MAX_DEPTH = 100;

    /** Where in the object the next character stands. */
    enum At {
        BEGINNING, VALUE, FIRST_KEY, KEY, COLON, AFTER_VALUE, FIRST_ELEMENT, STRING, ESCAPE, HEX, LITERAL, NUMBER, DONE, BAD
    }

    private enum Part {
        SIGN, ZERO, INTEGER, POINT, FRACTION, EXPONENT_MARK, EXPONENT_SIGN, EXPONENT
    }

    private final BitSet objects = new BitSet();
    private At at = At.BEGINNING;
    private Part part = Part.SIGN;
    private int depth;
    private boolean key;
    private String literal = "";
    private int matched;
    private int hex;

    At at() {
        return at;
    }

    /** How many objects and arrays are open. */
    int depth() {
        return depth;
    }

    /** Whether the string that is being read is a key. */
    boolean inKey() {
        return key;
    }

    /** Takes the next character; after {@link At#DONE} and {@link At#BAD} none may come. */
    At accept(char c) {
        at = switch (at) {
            case BEGINNING -> isSpace(c) ? At.BEGINNING : c == '{' ? open(true) : At.BAD;
            case VALUE -> isSpace(c) ? At.VALUE : value(c);
            case FIRST_ELEMENT -> isSpace(c) ? At.FIRST_ELEMENT : c == ']' ? close(false) : value(c);
            case FIRST_KEY -> isSpace(c) ? At.FIRST_KEY : c == '}' ? close(true) : key(c);
            case KEY -> isSpace(c) ? At.KEY : key(c);
            case COLON -> isSpace(c) ? At.COLON : c == ':' ? At.VALUE : At.BAD;
            case AFTER_VALUE -> after(c);
            case STRING -> string(c);
            case ESCAPE -> escape(c);
            case HEX -> Character.digit(c, 16) < 0 || c > 'f' ? At.BAD : ++hex == 4 ? At.STRING : At.HEX;
            case LITERAL -> c != literal.charAt(matched)
                    ? At.BAD
                    : ++matched == literal.length() ? At.AFTER_VALUE : At.LITERAL;
            case NUMBER -> number(c);
            case DONE, BAD -> At.BAD;
        };
        return at;
    }

    private At open(boolean object) {
        if (depth == MAX_DEPTH) {
            return At.BAD;
        }
        objects.set(depth++, object);
        return object ? At.FIRST_KEY : At.FIRST_ELEMENT;
    }

    private At close(boolean object) {
        if (objects.get(depth - 1) != object) {
            return At.BAD;
        }
        return --depth == 0 ? At.DONE : At.AFTER_VALUE;
    }

    private At key(char c) {
        key = true;
        return c == '"' ? At.STRING : At.BAD;
    }

    private At value(char c) {
        key = false;
        return switch (c) {
            case '{' -> open(true);
            case '[' -> open(false);
            case '"' -> At.STRING;
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-' -> begin(Part.SIGN);
            case '0' -> begin(Part.ZERO);
            default -> isDigit(c) ? begin(Part.INTEGER) : At.BAD;
        };
    }

    private At literal(String word) {
        literal = word;
        matched = 1;
        return At.LITERAL;
    }

    private At begin(Part first) {
        part = first;
        return At.NUMBER;
    }

    private At after(char c) {
        boolean object = objects.get(depth - 1);
        return switch (c) {
            case ',' -> object ? At.KEY : At.VALUE;
            case '}' -> close(true);
            case ']' -> close(false);
            default -> isSpace(c) ? At.AFTER_VALUE : At.BAD;
        };
    }

    private At string(char c) {
        if (c == '"') {
            return key ? At.COLON : At.AFTER_VALUE;
        }
        return c == '\\' ? At.ESCAPE : c < 0x20 ? At.BAD : At.STRING;
    }

    private At escape(char c) {
        hex = 0;
        return c == 'u' ? At.HEX : "\"\\/bfnrt".indexOf(c) >= 0 ? At.STRING : At.BAD;
    }

    private At number(char c) {
        var next = switch (part) {
            case SIGN -> c == '0' ? Part.ZERO : isDigit(c) ? Part.INTEGER : null;
            case ZERO -> c == '.' ? Part.POINT : isExponent(c) ? Part.EXPONENT_MARK : null;
            case INTEGER ->
                isDigit(c) ? Part.INTEGER : c == '.' ? Part.POINT : isExponent(c) ? Part.EXPONENT_MARK : null;
            case POINT -> isDigit(c) ? Part.FRACTION : null;
            case FRACTION -> isDigit(c) ? Part.FRACTION : isExponent(c) ? Part.EXPONENT_MARK : null;
            case EXPONENT_MARK -> isDigit(c) ? Part.EXPONENT : c == '+' || c == '-' ? Part.EXPONENT_SIGN : null;
            case EXPONENT_SIGN, EXPONENT -> isDigit(c) ? Part.EXPONENT : null;
        };
        if (next != null) {
            return begin(next);
        }
        return switch (part) {
            case ZERO, INTEGER, FRACTION, EXPONENT -> after(c);
            case SIGN, POINT, EXPONENT_MARK, EXPONENT_SIGN -> At.BAD;
        };
    }

    private static boolean isExponent(char c) {
        return c == 'e' || c == 'E';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** Whether a whole text is one object, perhaps with white space around. */
    static boolean isObject(String text) {
        var scanner = new JsonScanner();
        int i = 0;
        while (i < text.length() && scanner.at != At.DONE && scanner.at != At.BAD) {
            scanner.accept(text.charAt(i++));
        }
        return scanner.at == At.DONE && text.substring(i).isBlank();
    }

    /** The text of a string that {@link #accept} took: the characters between the quotes. */
    static String unescape(CharSequence raw) {
        var out = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char letter = raw.charAt(++i);
            switch (letter) {
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    out.append((char) Integer.parseInt(raw.subSequence(i + 1, i + 5).toString(), 16));
                    i += 4;
                }
                default -> out.append(letter);
            }
        }
        return out.toString();
    }
}
