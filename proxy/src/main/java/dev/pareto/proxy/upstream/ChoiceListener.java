package dev.pareto.proxy.upstream;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.TextDelta;
import dev.pareto.proxy.dialect.openai.AnswerWriter;

/**
 * Hears the answers to one request as they grow. Calls come one at a time; of {@link #complete}, {@link #late} and
 * {@link #failed} exactly one comes, last.
 */
interface ChoiceListener {

    /** More text of an answer. */
    void text(int index, TextDelta delta);

    /** An answer is whole, for a reason in OpenAI's words. */
    void end(int index, String reason);

    /** All are. */
    void complete(AnswerWriter.Tokens tokens);

    /** The time for the whole call was over first. */
    void late();

    /** There will be no answer. */
    void failed(EngineException failure);
}
