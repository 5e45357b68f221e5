package dev.pareto.engine.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.pareto.engine.EngineException;

/**
 * Reads the part of ECMA 262's regular expressions that is regular: characters, classes, groups, alternation and counted
 * repetition. Anchors are understood at the two ends of an alternative; look-around, back references and word borders
 * are refused by name. Lazy repetition matches the same texts as greedy.
 */
final class RegexParser {

    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_DEPTH = 100;
    private static final String ANCHOR = "an anchor can be followed only at the two ends of an outermost alternative";
    private static final CodePoints DIGITS = CodePoints.of('0', '9');
    private static final CodePoints WORD = CodePoints.of('0', '9', 'A', 'Z', 'a', 'z', '_', '_');
    private static final CodePoints SPACE = CodePoints.of('\t', '\r', ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x2000,
            0x200A, 0x2028, 0x2029, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF);
    private static final CodePoints NO_LINE_BREAK = CodePoints.of('\n', '\n', '\r', '\r', 0x2028, 0x2029).not();

    /** Found once, by asking of every character: an expression may name a property thousands of times. */
    private static final class Properties {

        static final CodePoints LETTER = CodePoints.where(Character::isLetter);
        static final CodePoints UPPERCASE = CodePoints.where(c -> Character.getType(c) == Character.UPPERCASE_LETTER);
        static final CodePoints LOWERCASE = CodePoints.where(c -> Character.getType(c) == Character.LOWERCASE_LETTER);
        static final CodePoints DIGIT = CodePoints.where(Character::isDigit);
        static final CodePoints NUMBER = CodePoints.where(c -> switch (Character.getType(c)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        });

        private Properties() {}
    }

    private final String source;
    private final Function<CodePoints, Expression> characters;
    private int at;
    private int depth;

    private RegexParser(String source, Function<CodePoints, Expression> characters) {
        this.source = source;
        this.characters = characters;
    }

    /** What the whole text must match; anchors at the ends change nothing. */
    static Expression whole(String source, Function<CodePoints, Expression> characters) {
        return new RegexParser(source, characters).parse(Expression.EMPTY);
    }

    /** What a text must hold somewhere, as the {@code pattern} of a JSON schema means it. */
    static Expression within(String source, Function<CodePoints, Expression> characters) {
        return new RegexParser(source, characters).parse(Expression.any(characters.apply(CodePoints.ALL)));
    }

    private Expression parse(Expression outside) {
        if (source.length() > MAX_LENGTH) {
            throw wrong("it has more than " + MAX_LENGTH + " characters");
        }
        var options = new ArrayList<Expression>();
        do {
            boolean start = take('^');
            var body = sequence();
            boolean end = take('$');
            options.add(
                    Expression.sequence(start ? Expression.EMPTY : outside, body, end ? Expression.EMPTY : outside));
        } while (take('|'));
        if (at < source.length()) {
            throw wrong(peek() == '^' || peek() == '$'
                    ? "an anchor within it cannot be followed"
                    : "'" + peek() + "' is out of place");
        }
        return Expression.choice(options);
    }

    private Expression alternatives() {
        if (++depth > MAX_DEPTH) {
            throw wrong("groups are nested deeper than " + MAX_DEPTH);
        }
        var options = new ArrayList<Expression>();
        do {
            options.add(sequence());
        } while (take('|'));
        depth--;
        return Expression.choice(options);
    }

    private Expression sequence() {
        var parts = new ArrayList<Expression>();
        while (at < source.length() && "|)^$".indexOf(peek()) < 0) {
            parts.add(repeated(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
    }

    private Expression repeated(Expression part) {
        var whole = part;
        if (take('*')) {
            whole = Expression.any(part);
        } else if (take('+')) {
            whole = Expression.times(part, 1, Expression.UNLIMITED);
        } else if (take('?')) {
            whole = Expression.optional(part);
        } else if (at < source.length() && peek() == '{') {
            at++;
            int least = number();
            int most = take(',') ? (at < source.length() && peek() == '}' ? Expression.UNLIMITED : number()) : least;
            if (!take('}') || (most != Expression.UNLIMITED && most < least)) {
                throw wrong("a repetition is not of the form {2}, {2,} or {2,5}");
            }
            whole = Expression.times(part, least, most);
        } else {
            return part;
        }
        take('?');
        if (at < source.length() && "*+?{".indexOf(peek()) >= 0) {
            throw wrong("'" + peek() + "' repeats a repetition");
        }
        return whole;
    }

    private int number() {
        int start = at;
        while (at < source.length() && peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start || at - start > 6) {
            throw wrong("a repetition needs numbers of at most six digits");
        }
        return Integer.parseInt(source.substring(start, at));
    }

    private Expression atom() {
        int code = source.codePointAt(at);
        at += Character.charCount(code);
        return switch (code) {
            case '(' -> group();
            case '[' -> characters.apply(characterClass());
            case '.' -> characters.apply(NO_LINE_BREAK);
            case '\\' -> characters.apply(escape(false));
            case '*', '+', '?', '{' -> throw wrong("'" + (char) code + "' has nothing to repeat");
            default -> characters.apply(CodePoints.of(code, code));
        };
    }

    private Expression group() {
        if (take('?')) {
            if (at + 1 < source.length() && peek() == '<' && Character.isLetter(source.charAt(at + 1))) {
                at = source.indexOf('>', at) + 1;
                if (at == 0) {
                    throw wrong("the name of a group does not end");
                }
            } else if (!take(':')) {
                throw wrong("look-around and inline flags cannot be followed");
            }
        }
        var body = alternatives();
        if (!take(')')) {
            throw wrong(at < source.length() ? ANCHOR : "')' is missing");
        }
        return body;
    }

    private CodePoints characterClass() {
        boolean negated = take('^');
        // Single characters are collected, since a class may name thousands; sets are few.
        List<Integer> pairs = new ArrayList<>();
        var set = CodePoints.of();
        while (true) {
            if (at >= source.length()) {
                throw wrong("']' is missing");
            }
            if (take(']')) {
                break;
            }
            var first = classMember();
            boolean range = at + 1 < source.length() && peek() == '-' && source.charAt(at + 1) != ']';
            if (!range) {
                if (isSingle(first)) {
                    pairs.add(first.first(0));
                    pairs.add(first.first(0));
                } else {
                    set = set.or(first);
                }
                continue;
            }
            at++;
            var last = classMember();
            if (!isSingle(first) || !isSingle(last) || first.first(0) > last.first(0)) {
                throw wrong("a range of a class goes from nowhere to nowhere");
            }
            pairs.add(first.first(0));
            pairs.add(last.first(0));
        }
        set = set.or(CodePoints.of(pairs.stream().mapToInt(Integer::intValue).toArray()));
        return negated ? set.not() : set;
    }

    private static boolean isSingle(CodePoints set) {
        return set.count() == 1 && set.first(0) == set.last(0);
    }

    private CodePoints classMember() {
        int code = source.codePointAt(at);
        at += Character.charCount(code);
        return code == '\\' ? escape(true) : CodePoints.of(code, code);
    }

    private CodePoints escape(boolean inClass) {
        if (at >= source.length()) {
            throw wrong("it ends after a backslash");
        }
        int code = source.codePointAt(at);
        at += Character.charCount(code);
        int single = switch (code) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> 0x0B;
            case '0' -> 0;
            case 'x' -> hex(2);
            case 'u' -> unicode();
            case 'b' -> inClass ? '\b' : -1;
            default -> -1;
        };
        if (single >= 0) {
            return CodePoints.of(single, single);
        }
        return switch (code) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.not();
            case 'w' -> WORD;
            case 'W' -> WORD.not();
            case 's' -> SPACE;
            case 'S' -> SPACE.not();
            case 'p' -> property();
            case 'P' -> property().not();
            default -> {
                if (Character.isLetterOrDigit(code)) {
                    throw wrong("'\\" + Character.toString(code) + "' cannot be followed");
                }
                yield CodePoints.of(code, code);
            }
        };
    }

    private int unicode() {
        if (take('{')) {
            int end = source.indexOf('}', at);
            if (end < 0 || end == at || end - at > 6) {
                throw wrong("\\u{…} needs one to six hexadecimal digits");
            }
            int value = hex(end - at);
            at++;
            return value;
        }
        int high = hex(4);
        if (Character.isHighSurrogate((char) high) && source.startsWith("\\u", at)) {
            at += 2;
            int low = hex(4);
            if (Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) high, (char) low);
            }
        }
        return high;
    }

    private int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < source.length() ? Character.digit(source.charAt(at++), 16) : -1;
            if (digit < 0) {
                throw wrong("hexadecimal digits are missing");
            }
            value = value * 16 + digit;
        }
        if (value > 0x10FFFF) {
            throw wrong("a character is beyond U+10FFFF");
        }
        return value;
    }

    private CodePoints property() {
        int end = take('{') ? source.indexOf('}', at) : -1;
        if (end < 0) {
            throw wrong("\\p needs a property in braces");
        }
        var name = source.substring(at, end);
        at = end + 1;
        return switch (name) {
            case "L", "Letter", "Alphabetic" -> Properties.LETTER;
            case "Lu", "Uppercase_Letter" -> Properties.UPPERCASE;
            case "Ll", "Lowercase_Letter" -> Properties.LOWERCASE;
            case "Nd", "Decimal_Number" -> Properties.DIGIT;
            case "N", "Number" -> Properties.NUMBER;
            default -> throw wrong("the property '" + name + "' is not known; L, Lu, Ll, N and Nd are");
        };
    }

    private boolean take(char c) {
        if (at < source.length() && peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private char peek() {
        return source.charAt(at);
    }

    private EngineException.InvalidRequest wrong(String what) {
        var shown = source.length() > 60 ? source.substring(0, 60) + "…" : source;
        return new EngineException.InvalidRequest("the regular expression " + shown + " is wrong at character " + at
                + ": " + what);
    }
}
