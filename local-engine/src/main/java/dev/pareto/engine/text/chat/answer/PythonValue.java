package dev.pareto.engine.text.chat.answer;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Follows one literal of Python, character by character, and writes it as JSON: strings in either quotes, numbers as
 * JSON has them, {@code True}, {@code False}, {@code None}, lists, tuples, and dictionaries whose keys are strings.
 * JSON itself is taken as well. Depth is bounded. Not thread-safe.
 */
final class PythonValue {

    private static final int MAX_DEPTH = 100;
    private static final int MOST_WORD = 400;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

    /** Where in the literal the next character stands. */
    enum At {
        VALUE, KEY, COLON, AFTER_VALUE, STRING, ESCAPE, CODE, WORD, DONE, BAD
    }

    private final StringBuilder json;
    /** The brackets that are open. */
    private final StringBuilder open = new StringBuilder();
    private final StringBuilder word = new StringBuilder();
    private At at = At.VALUE;
    private char quote;
    private boolean key;
    /** Whether a bracket may be closed in place of a value or key: behind its opening, and behind a comma. */
    private boolean mayClose;
    private boolean comma;
    private char escape;
    private int digits;
    private int code;

    /** @param json what the literal is written to as it comes */
    PythonValue(StringBuilder json) {
        this.json = json;
    }

    /** A whole literal as JSON, perhaps with white space around; null if it is none. */
    static @Nullable String json(CharSequence literal) {
        var json = new StringBuilder();
        var value = new PythonValue(json);
        int i = 0;
        while (i < literal.length() && value.at != At.BAD && value.accept(literal.charAt(i))) {
            i++;
        }
        value.accept(' ');
        return value.at == At.DONE && literal.subSequence(i, literal.length()).toString().isBlank()
                ? json.toString()
                : null;
    }

    At at() {
        return at;
    }

    /** Takes the next character; false where the value was at its end before it. */
    boolean accept(char c) {
        if (at == At.WORD && !isOfWord(c)) {
            at = endWord();
        }
        if (at == At.DONE) {
            return false;
        }
        at = switch (at) {
            case VALUE -> isSpace(c) ? At.VALUE : mayClose && closes(c) ? close() : value(c);
            case KEY -> isSpace(c) ? At.KEY : mayClose && closes(c) ? close() : key(c);
            case COLON -> isSpace(c) ? At.COLON : c == ':' ? colon() : At.BAD;
            case AFTER_VALUE -> isSpace(c) ? At.AFTER_VALUE : closes(c) ? close() : c == ',' ? comma() : At.BAD;
            case STRING -> string(c);
            case ESCAPE -> escape(c);
            case CODE -> code(c);
            case WORD -> word(c);
            case DONE, BAD -> At.BAD;
        };
        return true;
    }

    private At value(char c) {
        separate();
        key = false;
        if (c == '"' || c == '\'') {
            return begin(c);
        }
        if (c == '[' || c == '(' || c == '{') {
            if (open.length() == MAX_DEPTH) {
                return At.BAD;
            }
            open.append(c);
            json.append(c == '{' ? '{' : '[');
            mayClose = true;
            return c == '{' ? At.KEY : At.VALUE;
        }
        word.setLength(0);
        return isOfWord(c) ? word(c) : At.BAD;
    }

    private At key(char c) {
        separate();
        key = true;
        return c == '"' || c == '\'' ? begin(c) : At.BAD;
    }

    private void separate() {
        if (comma) {
            json.append(", ");
        }
        comma = false;
        mayClose = false;
    }

    private At begin(char opening) {
        quote = opening;
        json.append('"');
        return At.STRING;
    }

    private At colon() {
        json.append(": ");
        return At.VALUE;
    }

    private At comma() {
        comma = true;
        mayClose = true;
        return open.charAt(open.length() - 1) == '{' ? At.KEY : At.VALUE;
    }

    private boolean closes(char c) {
        char opening = open.isEmpty() ? 0 : open.charAt(open.length() - 1);
        return (c == ']' && opening == '[') || (c == ')' && opening == '(') || (c == '}' && opening == '{');
    }

    private At close() {
        comma = false;
        mayClose = false;
        json.append(open.charAt(open.length() - 1) == '{' ? '}' : ']');
        open.setLength(open.length() - 1);
        return ended();
    }

    private At ended() {
        return open.isEmpty() ? At.DONE : At.AFTER_VALUE;
    }

    private At string(char c) {
        if (c == quote) {
            json.append('"');
            return key ? At.COLON : ended();
        }
        if (c == '\\') {
            return At.ESCAPE;
        }
        Quoting.escape(c, json);
        return At.STRING;
    }

    private At escape(char c) {
        switch (c) {
            case 'n' -> Quoting.escape('\n', json);
            case 'r' -> Quoting.escape('\r', json);
            case 't' -> Quoting.escape('\t', json);
            case 'b' -> Quoting.escape('\b', json);
            case 'f' -> Quoting.escape('\f', json);
            case 'a' -> Quoting.escape((char) 7, json);
            case 'v' -> Quoting.escape((char) 11, json);
            case '0' -> Quoting.escape((char) 0, json);
            case '\\', '\'', '"', '/' -> Quoting.escape(c, json);
            case '\n' -> {
                // goes on in the next line
            }
            case 'x', 'u', 'U' -> {
                escape = c;
                digits = 0;
                code = 0;
                return At.CODE;
            }
            default -> {
                Quoting.escape('\\', json); // as Python does, which models rely on for regular expressions
                Quoting.escape(c, json);
            }
        }
        return At.STRING;
    }

    private At code(char c) {
        int digit = c > 'f' ? -1 : Character.digit(c, 16);
        if (digit < 0) {
            return At.BAD;
        }
        code = code << 4 | digit;
        if (++digits < (escape == 'x' ? 2 : escape == 'u' ? 4 : 8)) {
            return At.CODE;
        }
        if (escape == 'U') {
            if (!Character.isValidCodePoint(code)) {
                return At.BAD;
            }
            Character.toString(code).chars().forEach(unit -> unit(unit));
        } else {
            unit(code);
        }
        return At.STRING;
    }

    /** Halves of pairs stay escaped: alone they are no text. */
    private void unit(int unit) {
        if (Character.isSurrogate((char) unit)) {
            Quoting.escapeByNumber((char) unit, json);
        } else {
            Quoting.escape((char) unit, json);
        }
    }

    private At word(char c) {
        word.append(c);
        return word.length() > MOST_WORD ? At.BAD : At.WORD;
    }

    private At endWord() {
        var said = word.toString();
        var written = switch (said) {
            case "True", "true" -> "true";
            case "False", "false" -> "false";
            case "None", "null" -> "null";
            default -> NUMBER.matcher(said).matches() ? said : null;
        };
        if (written == null) {
            return At.BAD;
        }
        json.append(written);
        return ended();
    }

    private static boolean isOfWord(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+'
                || c == '.' || c == '_';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
