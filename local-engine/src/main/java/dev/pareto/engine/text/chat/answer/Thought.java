package dev.pareto.engine.text.chat.answer;

import java.util.List;

import dev.pareto.engine.text.chat.answer.AnswerFormat.Thinking;

/** Reasoning up to its closing mark, without the white space around it. */
final class Thought implements Part {

    private final Markers closes;
    private final Plain after;
    private final StringBuilder spaces = new StringBuilder();
    private boolean begun;

    Thought(Thinking marks, Plain after) {
        this.closes = new Markers(List.of(marks.closes()));
        this.after = after;
    }

    @Override
    public Part read(StringBuilder text, Output out) {
        var found = closes.find(text);
        int end = found == null ? text.length() - closes.begun(text) : found.at();
        tell(text.substring(0, end), out);
        text.delete(0, found == null ? end : end + found.marker().length());
        if (found == null) {
            return this;
        }
        after.afterThought();
        return after;
    }

    private void tell(String more, Output out) {
        int from = 0;
        while (!begun && from < more.length() && Character.isWhitespace(more.charAt(from))) {
            from++;
        }
        int to = more.length();
        while (to > from && Character.isWhitespace(more.charAt(to - 1))) {
            to--;
        }
        if (to > from) {
            begun = true;
            out.reasoning(spaces);
            spaces.setLength(0);
            out.reasoning(more.substring(from, to));
        }
        if (begun) {
            spaces.append(more, to, more.length());
        }
    }

    @Override
    public boolean holds() {
        return false;
    }

    @Override
    public void end(StringBuilder text, Output out) {
        tell(text.toString(), out);
    }
}
