package dev.pareto.engine.text.chat.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Collects the events of one answer. A call is begun, given its arguments, and then completed or abandoned. */
final class Output {

    private static final int MOST_CALLS = 128;
    private static final int MOST_CHARACTERS = 1 << 20;

    private final Map<String, Map<String, ?>> tools;
    private final boolean streamed;
    private final Supplier<String> ids;
    private final List<AnswerEvent> events = new ArrayList<>();
    private final List<ToolCall> calls = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean reasoning;
    private final StringBuilder arguments = new StringBuilder();
    private int told;
    private int index = -1;
    private String id = "";
    private String name = "";
    private boolean open;

    Output(AnswerSettings settings) {
        this.tools = settings.tools();
        this.streamed = settings.streamed();
        this.ids = settings.ids();
    }

    void content(CharSequence more) {
        add(more, false);
    }

    void reasoning(CharSequence more) {
        add(more, true);
    }

    private void add(CharSequence more, boolean thought) {
        if (more.isEmpty()) {
            return;
        }
        if (thought != reasoning) {
            flushText();
            reasoning = thought;
        }
        text.append(more);
    }

    boolean offers(String tool) {
        return tools.containsKey(tool);
    }

    /** What the arguments of a tool must match; empty where nothing is known of it. */
    Map<String, ?> schema(String tool) {
        return tools.getOrDefault(tool, Map.of());
    }

    /** Begins a call; false where no such tool was offered or there are too many calls. */
    boolean begin(String tool) {
        if (!offers(tool) || calls.size() == MOST_CALLS || index + 1 == MOST_CALLS) {
            return false;
        }
        index++;
        name = tool;
        open = true;
        told = 0;
        arguments.setLength(0);
        if (streamed) {
            tellStart();
        }
        return true;
    }

    /** More of the open call's arguments; false where they are too long. */
    boolean argument(char c) {
        arguments.append(c);
        return arguments.length() <= MOST_CHARACTERS;
    }

    void complete() {
        if (!streamed) {
            tellStart();
        }
        tellArguments();
        calls.add(new ToolCall(index, id, name, arguments.toString()));
        open = false;
    }

    /** Forgets the open call; true if the caller heard of it already. */
    boolean abandon() {
        if (!open) {
            return false;
        }
        open = false;
        if (streamed) {
            tellArguments();
        } else {
            index--;
        }
        return streamed;
    }

    private void tellStart() {
        flushText();
        id = ids.get();
        events.add(new AnswerEvent.CallStart(index, id, name));
    }

    private void tellArguments() {
        if (told < arguments.length()) {
            events.add(new AnswerEvent.CallArguments(index, arguments.substring(told)));
            told = arguments.length();
        }
    }

    private void flushText() {
        if (!text.isEmpty()) {
            var all = text.toString();
            events.add(reasoning ? new AnswerEvent.Reasoning(all) : new AnswerEvent.Content(all));
            text.setLength(0);
        }
    }

    /** What became known since the last time. */
    List<AnswerEvent> drain() {
        if (open && streamed) {
            tellArguments();
        }
        flushText();
        var all = List.copyOf(events);
        events.clear();
        return all;
    }

    List<ToolCall> calls() {
        return List.copyOf(calls);
    }
}
