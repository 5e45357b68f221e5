package dev.pareto.proxy.upstream;

import dev.pareto.engine.text.chat.answer.AnswerEvent;

/** Hears the answers to a chat, where not all that a model writes is text for the caller. */
interface ChatListener extends ChoiceListener {

    /** More of what the model thinks before an answer. */
    void reasoning(int index, String text);

    /** A call of a tool begins. */
    void call(int index, AnswerEvent.CallStart call);

    /** More of the arguments of the latest call. */
    void arguments(int index, AnswerEvent.CallArguments more);
}
