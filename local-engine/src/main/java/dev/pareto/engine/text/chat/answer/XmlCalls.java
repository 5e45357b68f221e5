package dev.pareto.engine.text.chat.answer;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.engine.text.chat.answer.Markers.Match;

/**
 * Calls as Qwen3-Coder and Seed-OSS write them: {@code <function=name>}, in it {@code
 * <parameter=key>value</parameter>} for each argument, whose type only the tool's schema tells. A line break behind
 * the opening of a value and in front of its end is no part of it. Closing marks that models are known to forget may
 * lack where the next one follows.
 */
final class XmlCalls implements Part {

    static final String FUNCTION = "<function=";

    private static final int MOST_NAME = 256;
    private static final String FUNCTION_ENDS = "</function>";
    private static final String PARAMETER = "<parameter=";
    private static final String PARAMETER_ENDS = "</parameter>";
    private static final Markers VALUE_ENDS = new Markers(List.of("\n" + PARAMETER_ENDS, PARAMETER_ENDS,
            "\n" + PARAMETER, "\n" + FUNCTION_ENDS));

    private final Plain plain;
    private final Unfinished unfinished;
    /** What may stand behind the last call. */
    private final List<String> closings;
    private final Output out;
    private final Arguments arguments;
    private final StringBuilder value = new StringBuilder();
    private State state;
    private ArgumentTypes types = new ArgumentTypes(Set.of());
    private Map<String, ?> schema = Map.of();

    private enum State {
        OPENING, NAME, PARAMETER, LINE_BREAK, VALUE, AFTER
    }

    private XmlCalls(Plain plain, Unfinished unfinished, List<String> closings, Output out, State state) {
        this.plain = plain;
        this.unfinished = unfinished;
        this.closings = closings;
        this.out = out;
        this.arguments = new Arguments(out);
        this.state = state;
    }

    /** In front of a call. */
    static XmlCalls opening(Plain plain, Unfinished unfinished, List<String> closings, Output out) {
        return new XmlCalls(plain, unfinished, closings, out, State.OPENING);
    }

    /** Behind {@link #FUNCTION}: models forget the marker in front of it. */
    static XmlCalls named(Plain plain, List<String> closings, Output out) {
        return new XmlCalls(plain, new Unfinished(plain, FUNCTION, FUNCTION.length()), closings, out, State.NAME);
    }

    @Override
    public Part read(StringBuilder text, Output told) {
        if (unfinished.isTooLong()) {
            return unfinished.fail(text, told);
        }
        return switch (state) {
            case OPENING -> opening(text);
            case NAME -> name(text);
            case PARAMETER -> parameter(text);
            case LINE_BREAK -> lineBreak(text);
            case VALUE -> value(text);
            case AFTER -> after(text);
        };
    }

    private Part opening(StringBuilder text) {
        return switch (Markers.at(text, 0, FUNCTION)) {
            case YES -> take(text, FUNCTION.length(), State.NAME);
            case OPEN -> this;
            case NO -> fail(text);
        };
    }

    private Part name(StringBuilder text) {
        int end = text.indexOf(">");
        if (end > MOST_NAME || (end < 0 && text.length() > MOST_NAME)) {
            return fail(text);
        }
        if (end < 0) {
            return this;
        }
        var tool = text.substring(0, end).strip();
        if (!arguments.begin(tool)) {
            return fail(text);
        }
        schema = out.schema(tool);
        return take(text, end + 1, State.PARAMETER);
    }

    private Part parameter(StringBuilder text) {
        unfinished.take(text, Markers.skipSpace(text));
        if (text.isEmpty()) {
            return this;
        }
        if (Markers.at(text, 0, FUNCTION_ENDS) == Match.YES) {
            return arguments.complete() ? completed(text, FUNCTION_ENDS.length()) : fail(text);
        }
        if (closings.stream().anyMatch(closing -> Markers.at(text, 0, closing) == Match.YES)) {
            return arguments.complete() ? completed(text, 0) : fail(text);
        }
        if (Markers.at(text, 0, PARAMETER) == Match.YES) {
            return key(text);
        }
        return mayBecome(text, 0, List.of(FUNCTION_ENDS, PARAMETER)) || mayBecome(text, 0, closings)
                ? this
                : fail(text);
    }

    private Part completed(StringBuilder text, int count) {
        unfinished.take(text, count);
        unfinished.complete();
        state = State.AFTER;
        return after(text);
    }

    private Part key(StringBuilder text) {
        int end = text.indexOf(">");
        int most = PARAMETER.length() + MOST_NAME;
        if (end > most || (end < 0 && text.length() > most)) {
            return fail(text);
        }
        if (end < 0) {
            return this;
        }
        var key = text.substring(PARAMETER.length(), end).strip();
        types = ArgumentTypes.of(schema, key);
        value.setLength(0);
        boolean good = arguments.name(key) && (!types.isText() || arguments.write("\""));
        return good ? take(text, end + 1, State.LINE_BREAK) : fail(text);
    }

    private Part lineBreak(StringBuilder text) {
        if (text.isEmpty()) {
            return this;
        }
        take(text, text.charAt(0) == '\n' ? 1 : 0, State.VALUE);
        return value(text);
    }

    private Part value(StringBuilder text) {
        var found = VALUE_ENDS.find(text);
        int end = found == null ? text.length() - VALUE_ENDS.begun(text) : found.at();
        boolean good = more(text.substring(0, end));
        unfinished.take(text, end);
        if (good && found != null) {
            good = arguments.write(types.isText() ? "\"" : types.json(value.toString()));
            unfinished.take(text, found.marker().endsWith(PARAMETER_ENDS) ? found.marker().length() : 1);
            state = State.PARAMETER;
        }
        return good ? this : fail(text);
    }

    private boolean more(String text) {
        if (types.isText()) {
            return arguments.write(Quoting.escaped(text));
        }
        value.append(text);
        return true;
    }

    private Part after(StringBuilder text) {
        int at = Markers.skipSpace(text);
        if (at > Markers.MOST_SPACE) {
            return plain.afterCall();
        }
        if (at == text.length()) {
            return this;
        }
        for (var closing : closings) {
            if (Markers.at(text, at, closing) == Match.YES) {
                text.delete(0, at + closing.length());
                return plain.afterCall();
            }
        }
        if (Markers.at(text, at, FUNCTION) == Match.YES) {
            return take(text, at + FUNCTION.length(), State.NAME);
        }
        return mayBecome(text, at, closings) || mayBecome(text, at, List.of(FUNCTION)) ? this : plain.afterCall();
    }

    private static boolean mayBecome(StringBuilder text, int at, List<String> markers) {
        return markers.stream().anyMatch(marker -> Markers.at(text, at, marker) == Match.OPEN);
    }

    private Part take(StringBuilder text, int count, State next) {
        unfinished.take(text, count);
        state = next;
        return this;
    }

    /** At a character that fits nowhere. */
    private Part fail(StringBuilder text) {
        unfinished.take(text, Math.min(1, text.length()));
        return unfinished.fail(text, out);
    }

    @Override
    public boolean holds() {
        return unfinished.holds();
    }

    @Override
    public void end(StringBuilder text, Output told) {
        if (state != State.AFTER) {
            unfinished.end(text, told);
        }
    }
}
