package dev.pareto.engine.text.chat.answer;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.chat.answer.AnswerFormat.Family;
import dev.pareto.engine.text.chat.answer.AnswerFormat.Thinking;

/** Content, and the look-out for what else may begin there. */
final class Plain implements Part {

    /** After so many malformed calls the rest is taken as content: looking again costs time. */
    private static final int MOST_FAILURES = 16;

    private static final List<String> DEEPSEEK = List.of(Markers.DEEPSEEK_OPENS, "<｜tool_calls_begin｜>",
            "<｜tool calls begin｜>", "<｜tool\\_calls\\_begin｜>", "<｜tool▁calls｜>");

    private final Family family;
    private final @Nullable Thinking thinking;
    private final boolean tools;
    private final StringBuilder spaces = new StringBuilder();
    private boolean started;
    private boolean dropsSpaces;
    private int failures;

    /** @param tools whether calls are looked for */
    Plain(AnswerFormat format, boolean tools) {
        this.family = format.family();
        this.thinking = format.thinking();
        this.tools = tools;
    }

    @Override
    public Part read(StringBuilder text, Output out) {
        if (!started && lookForCalls() && (family == Family.LLAMA3 || family == Family.GENERIC)) {
            int at = Markers.skipSpace(text);
            tell(text.substring(0, at), out);
            text.delete(0, at);
            if (text.isEmpty()) {
                return this;
            }
            if (text.charAt(0) == '{' || text.charAt(0) == '[') {
                var opening = spaces.toString();
                spaces.setLength(0);
                return JsonCalls.bare(this, opening, opening.length() + 1);
            }
        }
        var markers = new Markers(markers());
        var found = markers.find(text);
        int end = found == null ? text.length() - markers.begun(text) : found.at();
        tell(text.substring(0, end), out);
        text.delete(0, end);
        if (found == null) {
            return this;
        }
        if (started && thinking != null && found.marker().equals(thinking.opens())) {
            tell(found.marker(), out);
            text.delete(0, found.marker().length());
            return this;
        }
        text.delete(0, found.marker().length());
        return enter(found.marker(), out);
    }

    private Part enter(String marker, Output out) {
        if (thinking != null && marker.equals(thinking.opens())) {
            return new Thought(thinking, this);
        }
        if (marker.equals("<|START_RESPONSE|>") || marker.equals("<|END_RESPONSE|>")) {
            return this;
        }
        return switch (family) {
            case XML -> marker.equals(XmlCalls.FUNCTION)
                    ? XmlCalls.named(this, AnswerFormat.XML_CLOSES, out)
                    : JsonCalls.tagged(this, marker, AnswerFormat.XML_CLOSES);
            case HERMES -> JsonCalls.marked(this, marker, List.of("</tool_call>"), false);
            case COMMAND -> JsonCalls.marked(this, marker, List.of("<|END_ACTION|>"), true);
            case LIST -> JsonCalls.marked(this, marker, List.of("<|/tool_call|>", "</tool_call>"), true);
            case LLAMA3 -> JsonCalls.bare(this, marker, marker.length(), List.of("<|python_end|>"));
            case MISTRAL -> JsonCalls.mistral(this, marker);
            case GENERIC, HARMONY -> this;
            case DEEPSEEK -> NamedCalls.deepSeek(this, marker);
        };
    }

    private List<String> markers() {
        var markers = new ArrayList<String>();
        if (thinking != null) {
            markers.add(thinking.opens());
        }
        if (family == Family.COMMAND) {
            markers.add("<|START_RESPONSE|>");
            markers.add("<|END_RESPONSE|>");
        }
        if (lookForCalls()) {
            switch (family) {
                case XML -> {
                    markers.addAll(AnswerFormat.XML_OPENS);
                    markers.add(XmlCalls.FUNCTION);
                }
                case HERMES -> markers.add("<tool_call>");
                case COMMAND -> markers.add("<|START_ACTION|>");
                case LIST -> {
                    markers.add("<|tool_call|>");
                    markers.add("functools");
                }
                case LLAMA3 -> {
                    markers.add("<|python_tag|>");
                    markers.add("<|python_start|>");
                }
                case MISTRAL -> markers.add("[TOOL_CALLS]");
                case DEEPSEEK -> markers.addAll(DEEPSEEK);
                case GENERIC, HARMONY -> {
                }
            }
        }
        return markers;
    }

    private boolean lookForCalls() {
        return tools && failures < MOST_FAILURES;
    }

    private void tell(String more, Output out) {
        if (more.isBlank() && (!started || dropsSpaces)) {
            spaces.append(more);
            return;
        }
        if (more.isEmpty()) {
            return;
        }
        if (dropsSpaces && !started) {
            out.content(more.stripLeading());
        } else {
            out.content(spaces);
            out.content(more);
        }
        spaces.setLength(0);
        started = true;
        dropsSpaces = false;
    }

    /** The white space behind reasoning is no content. */
    void afterThought() {
        spaces.setLength(0);
        dropsSpaces = true;
    }

    /** Takes over behind a call: white space between calls and behind the last one is no content. */
    Plain afterCall() {
        spaces.setLength(0);
        started = true;
        dropsSpaces = true;
        return this;
    }

    /** Takes over where no call could be read: the first characters are content, the rest is looked at again. */
    Plain fallBack(StringBuilder raw, int first, StringBuilder text, Output out) {
        failures++;
        int told = Math.min(first, raw.length());
        text.insert(0, raw.substring(told));
        tell(raw.substring(0, told), out);
        return this;
    }

    @Override
    public boolean holds() {
        return !spaces.isEmpty() && (started || !dropsSpaces);
    }

    @Override
    public void end(StringBuilder text, Output out) {
        tell(text.toString(), out);
        if (!dropsSpaces) {
            out.content(spaces);
        }
    }
}
