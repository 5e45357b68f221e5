package dev.pareto.engine.text.chat.answer;

import java.util.List;

import dev.pareto.engine.text.chat.answer.JsonScanner.At;
import dev.pareto.engine.text.chat.answer.Markers.Match;

/** Calls whose tool is named by plain text in front of the JSON of its arguments. */
final class NamedCalls implements Part {

    private static final int MOST_NAME = 300;

    private final Plain plain;
    private final Form form;
    private final Unfinished unfinished;
    private State state;
    private String name = "";
    private JsonScanner json = new JsonScanner();

    /**
     * @param begins what stands before each name; empty for nothing
     * @param separates what stands behind it
     * @param ends what stands behind each call, or behind all of them; may be left out
     */
    private record Form(List<String> begins, String separates, List<String> ends) {

        static final Form DEEPSEEK = new Form(List.of("<｜tool▁call▁begin｜>", "function"), "<｜tool▁sep｜>",
                List.of("```", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"));
        static final Form MISTRAL = new Form(List.of(), "[ARGS]", List.of());
        static final Form FORCED = new Form(List.of(), "", List.of());
    }

    private enum State {
        BETWEEN, NAME, SEPARATED, FENCE, ARGUMENTS
    }

    private NamedCalls(Plain plain, Form form, Unfinished unfinished, State state) {
        this.plain = plain;
        this.form = form;
        this.unfinished = unfinished;
        this.state = state;
    }

    /** Calls of V3 and R1 (type, separator, name, arguments in a fence) and of V3.1 (name, separator, arguments). */
    static NamedCalls deepSeek(Plain plain, String marker) {
        return new NamedCalls(plain, Form.DEEPSEEK, new Unfinished(plain, marker, marker.length()), State.BETWEEN);
    }

    /** {@code name[CALL_ID]id[ARGS]{…}}, the id perhaps left out. */
    static NamedCalls mistral(Plain plain, Unfinished opening) {
        return new NamedCalls(plain, Form.MISTRAL, opening, State.NAME);
    }

    /** Only the arguments of a call whose beginning stood in the prompt. */
    static NamedCalls forced(Plain plain, String tool) {
        var calls = new NamedCalls(plain, Form.FORCED, new Unfinished(plain, "", 1), State.FENCE);
        calls.name = tool;
        return calls;
    }

    @Override
    public Part read(StringBuilder text, Output out) {
        if (unfinished.isTooLong()) {
            return unfinished.fail(text, out);
        }
        return switch (state) {
            case BETWEEN -> between(text, out);
            case NAME -> name(text, out);
            case SEPARATED -> separated(text, out);
            case FENCE -> fence(text, out);
            case ARGUMENTS -> arguments(text, out);
        };
    }

    private Part between(StringBuilder text, Output out) {
        int at = Markers.skipSpace(text);
        if (at > Markers.MOST_SPACE) {
            return unfinished.made() ? plain.afterCall() : unfinished.fail(text, out);
        }
        if (at == text.length()) {
            return this;
        }
        boolean open = false;
        for (var marker : form.begins()) {
            var match = Markers.at(text, at, marker);
            if (match == Match.YES) {
                unfinished.take(text, at + marker.length());
                state = State.NAME;
                name = marker;
                return this;
            }
            open |= match == Match.OPEN;
        }
        for (var marker : unfinished.made() ? form.ends() : List.<String>of()) {
            var match = Markers.at(text, at, marker);
            if (match == Match.YES) {
                text.delete(0, at + marker.length());
                return marker.equals(form.ends().getLast()) ? plain.afterCall() : this;
            }
            open |= match == Match.OPEN;
        }
        return open ? this : unfinished.made() ? plain.afterCall() : unfinished.fail(text, out);
    }

    private Part name(StringBuilder text, Output out) {
        int at = text.indexOf(form.separates());
        if (at < 0 ? text.length() >= MOST_NAME + form.separates().length() : at > MOST_NAME) {
            return unfinished.fail(text, out);
        }
        if (at < 0) {
            return this;
        }
        boolean typed = name.equals("function");
        var before = text.substring(0, at);
        int id = before.indexOf("[CALL_ID]");
        name = typed ? name : (id < 0 ? before : before.substring(0, id)).strip();
        unfinished.take(text, at + form.separates().length());
        state = State.SEPARATED;
        return this;
    }

    /** Arguments, or first a line with the name where the type stood before the separator. */
    private Part separated(StringBuilder text, Output out) {
        int at = Markers.skipSpace(text);
        if (at > MOST_NAME) {
            return unfinished.fail(text, out);
        }
        if (at == text.length()) {
            return this;
        }
        if (text.charAt(at) == '{') {
            state = State.FENCE;
            return fence(text, out);
        }
        int end = text.indexOf("\n", at);
        if (end > MOST_NAME || (end < 0 && text.length() > MOST_NAME)) {
            return unfinished.fail(text, out);
        }
        if (end < 0) {
            return this;
        }
        name = text.substring(at, end).strip();
        unfinished.take(text, end);
        state = State.FENCE;
        return fence(text, out);
    }

    private Part fence(StringBuilder text, Output out) {
        unfinished.take(text, Markers.skipSpace(text));
        if (text.isEmpty()) {
            return this;
        }
        if (text.charAt(0) != '{') {
            return switch (Markers.at(text, 0, "```json")) {
                case YES -> {
                    unfinished.take(text, "```json".length());
                    yield this;
                }
                case OPEN -> this;
                case NO -> unfinished.fail(text, out);
            };
        }
        if (!out.begin(name)) {
            return unfinished.fail(text, out);
        }
        json = new JsonScanner();
        state = State.ARGUMENTS;
        return arguments(text, out);
    }

    private Part arguments(StringBuilder text, Output out) {
        int at = 0;
        boolean good = true;
        while (at < text.length() && good && json.at() != At.DONE) {
            char c = text.charAt(at++);
            good = json.accept(c) != At.BAD && out.argument(c);
        }
        unfinished.take(text, at);
        if (!good) {
            return unfinished.fail(text, out);
        }
        if (json.at() == At.DONE) {
            out.complete();
            unfinished.complete();
            if (form.begins().isEmpty()) {
                return plain.afterCall();
            }
            state = State.BETWEEN;
        }
        return this;
    }

    @Override
    public boolean holds() {
        return unfinished.holds();
    }

    @Override
    public void end(StringBuilder text, Output out) {
        if (unfinished.made() && state == State.BETWEEN) {
            text.setLength(0);
        }
        unfinished.end(text, out);
    }
}
