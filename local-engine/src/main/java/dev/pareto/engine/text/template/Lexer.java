package dev.pareto.engine.text.template;

import java.util.ArrayList;
import java.util.List;

import dev.pareto.engine.text.template.Token.Kind;

/**
 * Cuts a template into tokens, with white space as chat templates expect it: {@code trim_blocks} and
 * {@code lstrip_blocks} are on, one newline at the end of the template is dropped, and every line break is "\n".
 */
final class Lexer {

    private static final List<String> OPERATORS = List.of("**", "//", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%",
            "~", "[", "]", "(", ")", "{", "}", "<", ">", "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineCountedTo;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template, Bounds bounds) {
        if (template.length() > bounds.sourceCharacters()) {
            throw new TemplateException(0, "longer than " + bounds.sourceCharacters() + " characters");
        }
        int nul = template.indexOf('\0');
        if (nul >= 0) {
            throw new TemplateException(lineAt(template, nul), "holds a NUL character");
        }
        var source = template.replace("\r\n", "\n").replace('\r', '\n');
        var lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.root();
        return lexer.tokens;
    }

    private void root() {
        while (at < source.length()) {
            int begin = nextBegin(at);
            if (begin < 0) {
                data(at, source.length());
                at = source.length();
                break;
            }
            int from = at;
            char kind = source.charAt(begin + 1);
            int inside = begin + 2;
            char sign = inside < source.length() ? source.charAt(inside) : ' ';
            inside += sign == '-' || sign == '+' ? 1 : 0;
            data(from, strippedEnd(from, begin, sign, kind != '{'));
            at = inside;
            switch (kind) {
                case '#' -> comment(begin);
                case '%' -> {
                    if (!raw(begin)) {
                        add(Kind.BLOCK_BEGIN, "{%", begin);
                        expression(begin, "%}", Kind.BLOCK_END);
                    }
                }
                default -> {
                    add(Kind.PRINT_BEGIN, "{{", begin);
                    expression(begin, "}}", Kind.PRINT_END);
                }
            }
        }
        add(Kind.END, "", source.length());
    }

    private int nextBegin(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private void data(int from, int to) {
        if (to > from) {
            add(Kind.DATA, source.substring(from, to), from);
        }
    }

    /** Where the text before a tag ends once its white space is stripped. */
    private int strippedEnd(int from, int begin, char sign, boolean block) {
        int end = begin;
        if (sign == '-') {
            while (end > from && isSpace(source.charAt(end - 1))) {
                end--;
            }
        } else if (sign != '+' && block) {
            while (end > from && source.charAt(end - 1) != '\n' && isSpace(source.charAt(end - 1))) {
                end--;
            }
            return end == 0 || source.charAt(end - 1) == '\n' ? end : begin;
        }
        return end;
    }

    private void comment(int begin) {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw error(begin, "the comment is not closed");
        }
        afterTag(end, end > at ? source.charAt(end - 1) : ' ', true);
    }

    /** Goes on behind a closing tag of two characters that starts at {@code end}; {@code sign} comes before it. */
    private void afterTag(int end, char sign, boolean trims) {
        at = end + 2;
        if (sign == '-') {
            while (at < source.length() && isSpace(source.charAt(at))) {
                at++;
            }
        } else if (sign != '+' && trims && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
    }

    private boolean raw(int begin) {
        int name = skipSpace(at);
        if (!source.startsWith("raw", name)) {
            return false;
        }
        int close = skipSpace(name + 3);
        boolean strips = source.startsWith("-%}", close);
        if (!strips && !source.startsWith("%}", close)) {
            return false;
        }
        afterTag(strips ? close + 1 : close, strips ? '-' : ' ', false);
        for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            int word = skipSpace(sign == '-' || sign == '+' ? tag + 3 : tag + 2);
            if (source.startsWith("endraw", word)) {
                int end = skipSpace(word + 6);
                char endSign = end < source.length() ? source.charAt(end) : ' ';
                end += endSign == '-' || endSign == '+' ? 1 : 0;
                if (source.startsWith("%}", end)) {
                    data(at, strippedEnd(at, tag, sign, true));
                    afterTag(end, endSign, true);
                    return true;
                }
            }
        }
        throw error(begin, "the raw block is not closed");
    }

    private void expression(int begin, String close, Kind closeKind) {
        var open = new ArrayList<Character>();
        while (true) {
            at = skipSpace(at);
            if (at >= source.length()) {
                throw error(begin, "the tag is not closed with '" + close + "'");
            }
            char c = source.charAt(at);
            if (open.isEmpty()) {
                boolean signed = c == '-' || (c == '+' && closeKind == Kind.BLOCK_END);
                int end = signed ? at + 1 : at;
                if (source.startsWith(close, end)) {
                    add(closeKind, close, at);
                    afterTag(end, signed ? c : ' ', closeKind == Kind.BLOCK_END);
                    return;
                }
            }
            if (c == '"' || c == '\'') {
                string(c);
            } else if (c >= '0' && c <= '9') {
                number();
            } else if (Character.isLetter(c) || c == '_') {
                int start = at;
                while (at < source.length() && isNamePart(source.charAt(at))) {
                    at++;
                }
                add(Kind.NAME, source.substring(start, at), start);
            } else {
                operator(open);
            }
        }
    }

    private void operator(List<Character> open) {
        for (var operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                switch (operator) {
                    case "(" -> open.add(')');
                    case "[" -> open.add(']');
                    case "{" -> open.add('}');
                    case ")", "]", "}" -> {
                        if (open.isEmpty() || open.removeLast() != operator.charAt(0)) {
                            throw error(at, "'" + operator + "' closes nothing that is open");
                        }
                    }
                    default -> {
                    }
                }
                add(Kind.OPERATOR, operator, at);
                at += operator.length();
                return;
            }
        }
        throw error(at, "unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
    }

    private void number() {
        int start = at;
        if (source.charAt(at) == '0' && at + 1 < source.length() && "xXoObB".indexOf(source.charAt(at + 1)) >= 0) {
            throw error(at, "only decimal numbers are supported");
        }
        digits();
        boolean fraction = at + 1 < source.length() && source.charAt(at) == '.' && isDigit(at + 1)
                && (start == 0 || source.charAt(start - 1) != '.');
        if (fraction) {
            at++;
            digits();
        }
        boolean exponent = false;
        if (at < source.length() && (source.charAt(at) == 'e' || source.charAt(at) == 'E')) {
            boolean signed = at + 1 < source.length() && (source.charAt(at + 1) == '-' || source.charAt(at + 1) == '+');
            int first = signed ? at + 2 : at + 1;
            if (isDigit(first)) {
                exponent = true;
                at = first;
                digits();
            }
        }
        add(fraction || exponent ? Kind.FLOAT : Kind.INTEGER, source.substring(start, at).replace("_", ""), start);
    }

    private void digits() {
        while (isDigit(at) || (at < source.length() && source.charAt(at) == '_' && isDigit(at + 1))) {
            at++;
        }
    }

    private boolean isDigit(int index) {
        return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
    }

    private void string(char quote) {
        int start = at++;
        var value = new StringBuilder();
        while (true) {
            if (at >= source.length()) {
                throw error(start, "the string is not closed");
            }
            char c = source.charAt(at++);
            if (c == quote) {
                break;
            }
            if (c == '\\' && at < source.length()) {
                escape(value, start);
            } else {
                value.append(c);
            }
        }
        add(Kind.STRING, value.toString(), start);
    }

    /** One escape as Python knows it; the backslash of an unknown one stays. */
    private void escape(StringBuilder value, int start) {
        char c = source.charAt(at++);
        switch (c) {
            case '\n' -> {
            }
            case '\\', '\'', '"' -> value.append(c);
            case 'a' -> value.append('\u0007');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'v' -> value.append('\u000B');
            case 'x' -> hex(value, 2, start);
            case 'u' -> hex(value, 4, start);
            case 'U' -> hex(value, 8, start);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                int code = c - '0';
                for (int i = 0; i < 2 && isDigit(at) && source.charAt(at) < '8'; i++) {
                    code = code * 8 + source.charAt(at++) - '0';
                }
                value.append((char) code);
            }
            default -> value.append('\\').append(c);
        }
    }

    private void hex(StringBuilder value, int digits, int start) {
        int code = 0;
        for (int i = 0; i < digits; i++, at++) {
            int digit = at < source.length() ? Character.digit(source.charAt(at), 16) : -1;
            if (digit < 0 || code > 0x10FFFF) {
                throw error(start, "an escape in the string is not complete");
            }
            code = code * 16 + digit;
        }
        if (!Character.isValidCodePoint(code)) {
            throw error(start, "an escape in the string is no character");
        }
        value.appendCodePoint(code);
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    /** White space as Python's {@code str.isspace} and {@code \s} see it. */
    static boolean isSpace(int c) {
        return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || c == 0x85
                || (c > 0x85 && Character.isSpaceChar(c));
    }

    private void add(Kind kind, String text, int position) {
        tokens.add(new Token(kind, text, lineOf(position)));
    }

    private int lineOf(int position) {
        for (; lineCountedTo < position; lineCountedTo++) {
            if (source.charAt(lineCountedTo) == '\n') {
                line++;
            }
        }
        return line;
    }

    private TemplateException error(int position, String reason) {
        return new TemplateException(lineAt(source, position), reason);
    }

    private static int lineAt(String text, int position) {
        return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
    }
}
