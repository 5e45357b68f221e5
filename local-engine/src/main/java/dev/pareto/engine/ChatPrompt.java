package dev.pareto.engine;

import static java.util.Objects.requireNonNull;

import java.util.Set;

import dev.pareto.engine.text.chat.answer.AnswerFormat;

/**
 * A conversation that is ready to be answered.
 *
 * @param tokens to continue; not copied, treat as read-only
 * @param format how the model writes its answer
 * @param open the end of the prompt's text: what the answer's parser needs to know of it
 * @param markers the control tokens whose names the parser must see, for {@link GenerationRequest#withShown}
 */
@SuppressWarnings("ArrayRecordComponent") // token ids stay primitive; prompts are never compared
public record ChatPrompt(int[] tokens, AnswerFormat format, String open, Set<Integer> markers) {

    /** Checks and copies. */
    public ChatPrompt {
        requireNonNull(format, "format is null");
        requireNonNull(open, "open is null");
        markers = Set.copyOf(markers);
    }
}
