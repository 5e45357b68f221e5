package dev.pareto.engine.text.chat.answer;

/** Reads one call as Python writes it, with named arguments only: {@code get_weather(city="Paris", days=3)}. */
final class PythonCall implements CallReader {

    private static final int MOST_NAME = 256;
    /** How Llama 3.1 calls the tools that it was trained with. */
    private static final String METHOD = ".call";

    private final Output out;
    private final Arguments arguments;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder json = new StringBuilder();
    private PythonValue value = new PythonValue(json);
    private At at = At.TOOL;

    private enum At {
        TOOL, NAME, EQUALS, VALUE, AFTER_VALUE
    }

    PythonCall(Output out) {
        this.out = out;
        this.arguments = new Arguments(out);
    }

    /** Whether a call may begin with it. */
    static boolean begins(char c) {
        return Character.isLetter(c) || c == '_';
    }

    @Override
    public Progress accept(char c) {
        return switch (at) {
            case TOOL -> tool(c);
            case NAME -> name(c);
            case EQUALS -> equal(c);
            case VALUE -> value(c);
            case AFTER_VALUE -> after(c);
        };
    }

    private Progress tool(char c) {
        if (c != '(') {
            return Character.isLetterOrDigit(c) || "_-.".indexOf(c) >= 0 ? named(c) : Progress.BAD;
        }
        var tool = name.toString();
        boolean method = tool.endsWith(METHOD) && !out.offers(tool);
        return arguments.begin(method ? tool.substring(0, tool.length() - METHOD.length()) : tool)
                ? next(At.NAME)
                : Progress.BAD;
    }

    private Progress name(char c) {
        if (name.isEmpty() && c == ')') {
            return arguments.complete() ? Progress.DONE : Progress.BAD;
        }
        if (Character.isWhitespace(c)) {
            at = name.isEmpty() ? At.NAME : At.EQUALS;
            return Progress.MORE;
        }
        if (c == '=') {
            return equal(c);
        }
        return begins(c) || (!name.isEmpty() && Character.isDigit(c)) ? named(c) : Progress.BAD;
    }

    private Progress named(char c) {
        name.append(c);
        return name.length() > MOST_NAME ? Progress.BAD : Progress.MORE;
    }

    private Progress equal(char c) {
        if (Character.isWhitespace(c)) {
            return Progress.MORE;
        }
        if (c != '=' || name.isEmpty() || !arguments.name(name.toString())) {
            return Progress.BAD;
        }
        value = new PythonValue(json);
        return next(At.VALUE);
    }

    private Progress next(At place) {
        name.setLength(0);
        at = place;
        return Progress.MORE;
    }

    private Progress value(char c) {
        boolean taken = value.accept(c);
        boolean good = value.at() != PythonValue.At.BAD && arguments.write(json);
        json.setLength(0);
        if (!good) {
            return Progress.BAD;
        }
        if (value.at() == PythonValue.At.DONE) {
            at = At.AFTER_VALUE;
        }
        return taken ? Progress.MORE : after(c);
    }

    private Progress after(char c) {
        if (Character.isWhitespace(c)) {
            return Progress.MORE;
        }
        if (c == ',') {
            return next(At.NAME);
        }
        return c == ')' && arguments.complete() ? Progress.DONE : Progress.BAD;
    }
}
