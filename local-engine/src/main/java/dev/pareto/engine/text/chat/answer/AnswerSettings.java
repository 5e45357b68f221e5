package dev.pareto.engine.text.chat.answer;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.function.Supplier;

/**
 * How an answer is to be read.
 *
 * @param format how the model writes
 * @param open what the prompt already wrote of the answer: its last characters behind the assistant's header, or a
 *            longer end of the prompt
 * @param tools the JSON schemas of the arguments of the tools that were offered, by the tools' names; without any, no calls
 *            are looked for
 * @param streamed whether arguments go out while they come. If not, a call is told when it is complete, and a malformed
 *            one becomes content whole
 * @param ids makes the id of each call
 */
public record AnswerSettings(AnswerFormat format, String open, Map<String, Map<String, ?>> tools, boolean streamed,
        Supplier<String> ids) {

    /** Checks and copies. */
    public AnswerSettings {
        requireNonNull(format, "format is null");
        requireNonNull(open, "open is null");
        requireNonNull(ids, "ids is null");
        tools = Map.copyOf(tools);
    }
}
