package dev.pareto.engine.text.chat.answer;

import static java.util.Objects.requireNonNull;

/**
 * A call that is complete: its tool was offered and its arguments are one JSON object.
 *
 * @param index of the call in the answer, from 0
 * @param arguments JSON as the model wrote it
 */
public record ToolCall(int index, String id, String name, String arguments) {

    public ToolCall {
        requireNonNull(id, "id is null");
        requireNonNull(name, "name is null");
        requireNonNull(arguments, "arguments is null");
    }
}
