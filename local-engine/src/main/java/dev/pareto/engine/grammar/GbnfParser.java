package dev.pareto.engine.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.EngineException;

/**
 * Reads GBNF, the notation of llama.cpp: {@code name ::= alternatives} with literals, character classes, groups,
 * {@code * + ? {m,n}} and comments from {@code #}. The rule {@code root} is where texts begin. A line that starts with
 * {@code |} goes on with the rule before.
 */
final class GbnfParser {

    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_DEPTH = 100;
    /** In a row after one part, each of which nests: nobody needs more than one. */
    private static final int MAX_REPEATS = 10;

    private final String source;
    private int at;
    private int depth;

    private GbnfParser(String source) {
        this.source = source;
    }

    static Map<String, Expression> parse(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new EngineException.InvalidRequest(
                    "the grammar has " + source.length() + " characters; " + MAX_LENGTH + " are the most");
        }
        return new GbnfParser(source).rules();
    }

    private Map<String, Expression> rules() {
        var rules = new LinkedHashMap<String, Expression>();
        skip(true);
        while (at < source.length()) {
            int start = at;
            var name = name();
            skip(false);
            if (!source.startsWith("::=", at)) {
                throw wrong("'::=' should follow the name '" + name + "'");
            }
            at += 3;
            skip(true);
            var body = alternatives(false);
            if (rules.putIfAbsent(name, body) != null) {
                at = start;
                throw wrong("the rule '" + name + "' is there twice");
            }
            if (at < source.length() && peek() != '\n' && peek() != '\r') {
                throw wrong("'" + peek() + "' is out of place");
            }
            skip(true);
        }
        return rules;
    }

    private Expression alternatives(boolean nested) {
        if (++depth > MAX_DEPTH) {
            throw wrong("groups are nested deeper than " + MAX_DEPTH);
        }
        var options = new ArrayList<Expression>();
        do {
            options.add(sequence(nested));
        } while (another(nested));
        depth--;
        return Expression.choice(options);
    }

    private boolean another(boolean nested) {
        int before = at;
        skip(true);
        if (at < source.length() && peek() == '|') {
            at++;
            skip(true);
            return true;
        }
        if (!nested) {
            at = before;
        }
        return false;
    }

    private Expression sequence(boolean nested) {
        var parts = new ArrayList<Expression>();
        int repeats = 0;
        while (at < source.length()) {
            char c = peek();
            repeats = isRepetition(c) ? repeats + 1 : 0;
            if (repeats > MAX_REPEATS) {
                throw wrong("more than " + MAX_REPEATS + " repetitions follow one another");
            }
            if (c == '"') {
                parts.add(literal());
            } else if (c == '[') {
                parts.add(characterClass());
            } else if (c == '.') {
                at++;
                parts.add(new Expression.Characters(CodePoints.ALL));
            } else if (c == '(') {
                at++;
                skip(true);
                parts.add(alternatives(true));
                expect(')');
            } else if (isNameStart(c)) {
                parts.add(new Expression.Reference(name()));
            } else if (isRepetition(c) && !parts.isEmpty()) {
                parts.add(repeated(parts.removeLast()));
            } else {
                break;
            }
            skip(nested);
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
    }

    private static boolean isRepetition(char c) {
        return c == '*' || c == '+' || c == '?' || c == '{';
    }

    private Expression repeated(Expression part) {
        char c = source.charAt(at++);
        return switch (c) {
            case '*' -> Expression.any(part);
            case '+' -> Expression.times(part, 1, Expression.UNLIMITED);
            case '?' -> Expression.optional(part);
            default -> {
                skip(false);
                int least = number();
                int most = least;
                skip(false);
                if (at < source.length() && peek() == ',') {
                    at++;
                    skip(false);
                    most = at < source.length() && peek() == '}' ? Expression.UNLIMITED : number();
                    skip(false);
                }
                expect('}');
                if (most != Expression.UNLIMITED && most < least) {
                    throw wrong("the repetition {" + least + "," + most + "} has no length");
                }
                yield Expression.times(part, least, most);
            }
        };
    }

    private int number() {
        int start = at;
        while (at < source.length() && peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start || at - start > 6) {
            throw wrong("a number of at most six digits should be here");
        }
        return Integer.parseInt(source.substring(start, at));
    }

    private Expression literal() {
        at++;
        var text = new StringBuilder();
        while (at < source.length() && peek() != '"') {
            text.appendCodePoint(character());
        }
        expect('"');
        return Expression.text(text.toString());
    }

    private Expression characterClass() {
        at++;
        boolean negated = at < source.length() && peek() == '^';
        if (negated) {
            at++;
        }
        List<Integer> pairs = new ArrayList<>();
        while (at < source.length() && peek() != ']') {
            int first = character();
            int last = first;
            if (at + 1 < source.length() && peek() == '-' && source.charAt(at + 1) != ']') {
                at++;
                last = character();
            }
            pairs.add(first);
            pairs.add(last);
        }
        expect(']');
        var set = CodePoints.of(pairs.stream().mapToInt(Integer::intValue).toArray());
        return new Expression.Characters(negated ? set.not() : set);
    }

    private int character() {
        int code = source.codePointAt(at);
        at += Character.charCount(code);
        if (code != '\\') {
            if (code >= 0xD800 && code <= 0xDFFF) {
                throw wrong("an unpaired surrogate stands for no character");
            }
            return code;
        }
        if (at == source.length()) {
            throw wrong("the grammar ends after a backslash");
        }
        char c = source.charAt(at++);
        return switch (c) {
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case '\\', '"', '[', ']', '-', '^' -> c;
            default -> throw wrong("'\\" + c + "' is no escape of GBNF");
        };
    }

    private int hex(int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < source.length() ? Character.digit(source.charAt(at++), 16) : -1;
            if (digit < 0) {
                throw wrong(digits + " hexadecimal digits should be here");
            }
            value = value * 16 + digit;
        }
        if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
            throw wrong("U+" + Long.toHexString(value) + " is no character");
        }
        return (int) value;
    }

    private String name() {
        int start = at;
        while (at < source.length() && (isNameStart(peek()) || (peek() >= '0' && peek() <= '9'))) {
            at++;
        }
        if (at == start) {
            throw wrong("the name of a rule should be here");
        }
        return source.substring(start, at);
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    }

    private void expect(char c) {
        if (at >= source.length() || peek() != c) {
            throw wrong("'" + c + "' should be here");
        }
        at++;
    }

    private char peek() {
        return source.charAt(at);
    }

    /** Skips spaces and comments, and line breaks if they may be here. */
    private void skip(boolean lines) {
        while (at < source.length()) {
            char c = peek();
            if (c == '#') {
                while (at < source.length() && peek() != '\n') {
                    at++;
                }
            } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
                at++;
            } else {
                return;
            }
        }
    }

    private EngineException.InvalidRequest wrong(String what) {
        int line = 1 + (int) source.substring(0, Math.min(at, source.length())).chars().filter(c -> c == '\n').count();
        int column = at - source.lastIndexOf('\n', Math.max(0, at - 1));
        return new EngineException.InvalidRequest("the grammar is wrong at line " + line + ", column " + column + ": "
                + what);
    }
}
