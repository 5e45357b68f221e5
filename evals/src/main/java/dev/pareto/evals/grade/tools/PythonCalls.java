package dev.pareto.evals.grade.tools;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads calls written in Python, with keyword arguments of literals: what models write that know no other way. */
final class PythonCalls {

    private static final int MAX_DEPTH = 30;
    private static final int MAX_CALLS = 100;
    private static final Pattern NUMBER = Pattern
            .compile("[-+]?(?:\\d{1,100}+(?:\\.\\d{0,100}+)?|\\.\\d{1,100}+)(?:[eE][-+]?\\d{1,3}+)?");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.-]*+");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String text;
    private int at;

    private PythonCalls(String text) {
        this.text = text;
    }

    /** The calls; empty unless the whole text consists of calls. */
    static List<ToolCall> read(String text) {
        PythonCalls parser = new PythonCalls(text);
        try {
            return parser.calls();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private List<ToolCall> calls() {
        List<ToolCall> calls = new ArrayList<>();
        boolean list = take('[');
        while (calls.size() < MAX_CALLS && !(list && peek(']'))) {
            calls.add(call());
            if (!take(',') && !take(';')) {
                spaces();
                if (list || at == text.length()) {
                    break;
                }
            }
        }
        if (list) {
            require(']');
        }
        spaces();
        if (at != text.length()) {
            throw wrong();
        }
        return calls;
    }

    private ToolCall call() {
        String name = match(NAME);
        require('(');
        ObjectNode arguments = NODES.objectNode();
        while (!peek(')')) {
            String argument = match(NAME);
            require('=');
            arguments.set(argument, value(0));
            if (!take(',')) {
                break;
            }
        }
        require(')');
        return new ToolCall(name, arguments);
    }

    private JsonNode value(int depth) {
        spaces();
        if (depth > MAX_DEPTH || at >= text.length()) {
            throw wrong();
        }
        char c = text.charAt(at);
        if (c == '\'' || c == '"') {
            return NODES.stringNode(string(c));
        }
        if (c == '[' || c == '(') {
            return array(c == '[' ? ']' : ')', depth);
        }
        if (c == '{') {
            return object(depth);
        }
        if (c == '-' || c == '+' || c == '.' || Character.isDigit(c)) {
            String number = match(NUMBER);
            BigDecimal value = new BigDecimal(number);
            boolean integral = number.chars().allMatch(d -> Character.isDigit(d) || d == '-' || d == '+');
            return integral ? NODES.numberNode(value.toBigIntegerExact()) : NODES.numberNode(value);
        }
        return word(depth);
    }

    /** A constant, or an expression that is kept as its text: BFCL compares variables by name. */
    private JsonNode word(int depth) {
        int start = at;
        String name = match(NAME);
        if (peek('(')) {
            require('(');
            while (!peek(')')) {
                int mark = at;
                if (!NAME.matcher(text).region(at, text.length()).lookingAt() || !argument()) {
                    at = mark;
                }
                value(depth + 1);
                if (!take(',')) {
                    break;
                }
            }
            require(')');
            return NODES.stringNode(text.substring(start, at).strip());
        }
        return switch (name) {
            case "True", "true" -> NODES.booleanNode(true);
            case "False", "false" -> NODES.booleanNode(false);
            case "None", "null" -> NODES.nullNode();
            default -> NODES.stringNode(name);
        };
    }

    private boolean argument() {
        match(NAME);
        return take('=');
    }

    private ArrayNode array(char close, int depth) {
        ArrayNode array = NODES.arrayNode();
        at++;
        while (!peek(close)) {
            array.add(value(depth + 1));
            if (!take(',')) {
                break;
            }
        }
        require(close);
        return array;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        at++;
        while (!peek('}')) {
            JsonNode key = value(depth + 1);
            require(':');
            object.set(key.asString(), value(depth + 1));
            if (!take(',')) {
                break;
            }
        }
        require('}');
        return object;
    }

    private String string(char quote) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                char escaped = text.charAt(at++);
                switch (escaped) {
                    case 'n' -> value.append('\n');
                    case 't' -> value.append('\t');
                    case 'r' -> value.append('\r');
                    case '\\', '\'', '"' -> value.append(escaped);
                    default -> value.append('\\').append(escaped);
                }
            } else {
                value.append(c);
            }
        }
        if (at >= text.length()) {
            throw wrong();
        }
        at++;
        return value.toString();
    }

    private String match(Pattern pattern) {
        spaces();
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw wrong();
        }
        at = matcher.end();
        return matcher.group();
    }

    private boolean peek(char c) {
        spaces();
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean take(char c) {
        boolean there = peek(c);
        at += there ? 1 : 0;
        return there;
    }

    private void require(char c) {
        if (!take(c)) {
            throw wrong();
        }
    }

    private void spaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("no call at " + at);
    }
}
