package dev.pareto.engine.text.chat.answer;

import static java.util.Objects.requireNonNull;

/** One thing that became known of an answer while its text came in. */
public sealed interface AnswerEvent {

    /** More text for the caller. */
    record Content(String text) implements AnswerEvent {

        public Content {
            requireNonNull(text, "text is null");
        }
    }

    /** More of what the model thinks before it answers. */
    record Reasoning(String text) implements AnswerEvent {

        public Reasoning {
            requireNonNull(text, "text is null");
        }
    }

    /**
     * A call begins.
     *
     * @param index of the call in the answer, from 0
     * @param id made here, the same in {@link ToolCall}
     * @param name one of the tools that were offered
     */
    record CallStart(int index, String id, String name) implements AnswerEvent {

        public CallStart {
            requireNonNull(id, "id is null");
            requireNonNull(name, "name is null");
        }
    }

    /** More of the arguments of a call: all pieces together are one JSON object, unless the answer was cut off. */
    record CallArguments(int index, String json) implements AnswerEvent {

        public CallArguments {
            requireNonNull(json, "json is null");
        }
    }
}
