package dev.pareto.engine.text.chat.answer;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.chat.answer.JsonScanner.At;

/**
 * Reads one JSON object that names a tool and its arguments, as the families write it: {@code name} and {@code arguments}
 * or {@code parameters} in any order, perhaps within {@code function}.
 */
final class CallObject implements CallReader {

    private static final Set<String> NAMES = Set.of("name", "tool_name");
    private static final Set<String> ARGUMENTS = Set.of("arguments", "parameters");
    private static final Set<String> INNER = Set.of("function", "tool_call");
    private static final int MOST_NAME = 256;

    private final Output out;
    private final boolean needsArguments;
    private final JsonScanner json = new JsonScanner();
    private final StringBuilder key = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private boolean inValue;
    private boolean direct;
    private @Nullable String name;
    private @Nullable String arguments;
    private boolean begun;
    /** The object within, which is the call; told when the one around it is complete. */
    private @Nullable String inner;

    /** @param needsArguments whether an object without arguments is no call */
    CallObject(Output out, boolean needsArguments) {
        this.out = out;
        this.needsArguments = needsArguments;
    }

    @Override
    public Progress accept(char c) {
        var before = json.at();
        boolean top = json.depth() == 1;
        var after = json.accept(c);
        if (after == At.BAD || (top && !keys(c, before, after)) || !values(c, top, before, after)) {
            return Progress.BAD;
        }
        return after != At.DONE ? Progress.MORE : complete() ? Progress.DONE : Progress.BAD;
    }

    private boolean keys(char c, At before, At after) {
        if (before == At.KEY || before == At.FIRST_KEY) {
            key.setLength(0);
        } else if (json.inKey() && after != At.COLON
                && (before == At.STRING || before == At.ESCAPE || before == At.HEX)) {
            key.append(c);
        }
        return key.length() <= MOST_NAME;
    }

    private boolean values(char c, boolean top, At before, At after) {
        if (top && before == At.VALUE && after != At.VALUE) {
            inValue = true;
            value.setLength(0);
            String named = name;
            direct = c == '{' && named != null && ARGUMENTS.contains(key.toString());
            if (direct && named != null && (begun || !begin(named))) {
                return false;
            }
        }
        if (!inValue) {
            return true;
        }
        boolean endsBefore = top && before == At.NUMBER && after != At.NUMBER;
        if (!endsBefore && !keep(c)) {
            return false;
        }
        if (endsBefore || (json.depth() == 1 && after == At.AFTER_VALUE)) {
            inValue = false;
            return direct || take();
        }
        return true;
    }

    private boolean keep(char c) {
        if (direct) {
            return out.argument(c);
        }
        value.append(c);
        return value.length() <= 1 << 20;
    }

    /** Takes a value that was not passed on directly. */
    private boolean take() {
        var of = key.toString();
        char first = value.charAt(0);
        if (NAMES.contains(of) || (INNER.contains(of) && first == '"')) {
            if (first != '"' || value.length() > MOST_NAME) {
                return false;
            }
            name = JsonScanner.unescape(value.substring(1, value.length() - 1));
        } else if (ARGUMENTS.contains(of)) {
            return arguments(first);
        } else if (INNER.contains(of) && first == '{') {
            if (begun || inner != null) {
                return false;
            }
            inner = value.toString();
        }
        return true;
    }

    private boolean arguments(char first) {
        if (arguments != null || begun) {
            return false;
        }
        arguments = switch (first) {
            case '{' -> value.toString();
            case '"' -> JsonScanner.unescape(value.substring(1, value.length() - 1));
            case 'n' -> "{}";
            default -> null;
        };
        return arguments != null && JsonScanner.isObject(arguments);
    }

    private boolean tellInner(String text) {
        var object = new CallObject(out, needsArguments);
        var progress = Progress.MORE;
        for (int i = 0; i < text.length() && progress == Progress.MORE; i++) {
            progress = object.accept(text.charAt(i));
        }
        return progress == Progress.DONE;
    }

    private boolean begin(String tool) {
        begun = out.begin(tool);
        return begun;
    }

    private boolean complete() {
        if (inner != null) {
            return !begun && tellInner(inner);
        }
        if (!begun) {
            if (name == null || (arguments == null && needsArguments) || !begin(name)) {
                return false;
            }
            var all = arguments == null ? "{}" : arguments;
            for (int i = 0; i < all.length(); i++) {
                if (!out.argument(all.charAt(i))) {
                    return false;
                }
            }
        }
        out.complete();
        return true;
    }
}
