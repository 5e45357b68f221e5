package dev.pareto.engine.text.chat.answer;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.chat.answer.CallReader.Progress;

/**
 * Calls as JSON objects or as Python writes them, one or a list of them, up to a closing marker that may lack. Where
 * something else stands behind the opening, whoever reads that takes over.
 */
final class JsonCalls implements Part {

    private final Plain plain;
    private final Form form;
    private final Unfinished unfinished;
    private State state = State.BEGINNING;
    private boolean inList;
    private @Nullable CallReader call;

    /**
     * @param closings what may stand at the end
     * @param lists whether calls may come as a list
     * @param bare whether the text alone tells that these are calls: then each object needs its arguments, more may
     *            follow, and calls may be written as Python does
     * @param instead what may stand in place of an object
     */
    private record Form(List<String> closings, boolean lists, boolean bare, Instead instead) {}

    private enum Instead {
        NOTHING, NAMES, TAGS
    }

    private enum State {
        BEGINNING, CALL, BETWEEN, AFTER
    }

    private JsonCalls(Plain plain, Form form, String opening, int first) {
        this.plain = plain;
        this.form = form;
        this.unfinished = new Unfinished(plain, opening, first);
    }

    /** Behind a marker. */
    static JsonCalls marked(Plain plain, String marker, List<String> closings, boolean lists) {
        return new JsonCalls(plain, new Form(closings, lists, false, Instead.NOTHING), marker, marker.length());
    }

    /** At the beginning of an answer, where only the text itself tells whether it is a call. */
    static JsonCalls bare(Plain plain, String opening, int first) {
        return bare(plain, opening, first, List.of());
    }

    static JsonCalls bare(Plain plain, String opening, int first, List<String> closings) {
        return new JsonCalls(plain, new Form(closings, true, true, Instead.NOTHING), opening, first);
    }

    /** {@code [TOOL_CALLS][{…}]}, and {@code [TOOL_CALLS]name[ARGS]{…}} of newer models. */
    static JsonCalls mistral(Plain plain, String marker) {
        return new JsonCalls(plain, new Form(List.of(), true, false, Instead.NAMES), marker, marker.length());
    }

    /** Behind a marker, where {@link XmlCalls} may stand as well. */
    static JsonCalls tagged(Plain plain, String marker, List<String> closings) {
        return new JsonCalls(plain, new Form(closings, false, false, Instead.TAGS), marker, marker.length());
    }

    @Override
    public Part read(StringBuilder text, Output out) {
        if (unfinished.isTooLong()) {
            return unfinished.fail(text, out);
        }
        return switch (state) {
            case BEGINNING -> beginning(text, out);
            case CALL -> call(text, out);
            case BETWEEN -> between(text, out);
            case AFTER -> after(text, out);
        };
    }

    private Part beginning(StringBuilder text, Output out) {
        unfinished.take(text, Markers.skipSpace(text));
        if (text.isEmpty()) {
            return this;
        }
        char c = text.charAt(0);
        if (c == '[' && form.lists() && !inList) {
            inList = true;
            unfinished.take(text, 1);
            return this;
        }
        if (c == '{' || (form.bare() && PythonCall.begins(c))) {
            call = c == '{' ? new CallObject(out, form.bare()) : new PythonCall(out);
            state = State.CALL;
            return call(text, out);
        }
        if (c == '<' && form.instead() == Instead.TAGS) {
            return XmlCalls.opening(plain, unfinished, form.closings(), out);
        }
        return form.instead() == Instead.NAMES && !inList && !unfinished.made()
                ? NamedCalls.mistral(plain, unfinished)
                : unfinished.fail(text, out);
    }

    private Part call(StringBuilder text, Output out) {
        var reader = call;
        var progress = Progress.MORE;
        int at = 0;
        while (reader != null && at < text.length() && progress == Progress.MORE) {
            progress = reader.accept(text.charAt(at++));
        }
        unfinished.take(text, at);
        return switch (progress) {
            case MORE -> this;
            case BAD -> unfinished.fail(text, out);
            case DONE -> {
                unfinished.complete();
                state = inList ? State.BETWEEN : State.AFTER;
                yield this;
            }
        };
    }

    private Part between(StringBuilder text, Output out) {
        unfinished.take(text, Markers.skipSpace(text));
        if (text.isEmpty()) {
            return this;
        }
        char c = text.charAt(0);
        if (c != ',' && c != ']') {
            return unfinished.fail(text, out);
        }
        unfinished.take(text, 1);
        if (c == ']') {
            unfinished.forget();
        }
        state = c == ',' ? State.BEGINNING : State.AFTER;
        return this;
    }

    private Part after(StringBuilder text, Output out) {
        int at = Markers.skipSpace(text);
        if (at > Markers.MOST_SPACE) {
            return plain.afterCall();
        }
        if (at == text.length()) {
            return this;
        }
        boolean open = false;
        for (var closing : form.closings()) {
            switch (Markers.at(text, at, closing)) {
                case YES -> {
                    text.delete(0, at + closing.length());
                    return plain.afterCall();
                }
                case OPEN -> open = true;
                case NO -> {
                }
            }
        }
        if (open) {
            return this;
        }
        if (form.bare() && !inList && (text.charAt(at) == ';' || text.charAt(at) == '{')) {
            unfinished.take(text, text.charAt(at) == ';' ? at + 1 : at);
            state = State.BEGINNING;
            return beginning(text, out);
        }
        return plain.afterCall();
    }

    @Override
    public boolean holds() {
        return unfinished.holds();
    }

    @Override
    public void end(StringBuilder text, Output out) {
        if (state != State.AFTER) {
            unfinished.end(text, out);
        }
    }
}
