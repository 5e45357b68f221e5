package dev.pareto.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;

/**
 * A model that is ready to answer. Callers that load the same file share one model; each closes its own handle. Safe for
 * use by any thread; nothing is ever computed on the caller's. After {@link #close} everything but {@link #card} and
 * {@link #tokenizer} throws {@link EngineException.Closed}.
 */
public interface LoadedModel extends AutoCloseable {

    /** What the file says of the model. */
    ModelCard card();

    /** Text to tokens and back. */
    Tokenizer tokenizer();

    /**
     * The SHA-256 of the file, in hexadecimal: read whole at the first call, which may take a while. Of a split model that
     * of all parts' bytes, one after the other.
     */
    String sha256();

    /**
     * The tokens of a conversation, by the model's chat template, ready to be answered. Content of messages cannot forge
     * control tokens.
     *
     * @param messages in the shape of OpenAI's API: {@code role}, {@code content} …
     * @param tools in the same shape; may be empty
     * @param extras further variables of the template
     * @throws EngineException.InvalidRequest if the template refuses the conversation, or knows no tools
     */
    int[] prompt(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras);

    /** What the model's chat template knows; null if it cannot be read. */
    @Nullable
    TemplateTraits traits();

    /**
     * As {@link #prompt(List, List, Map)}, with what is needed to read the answer by
     * {@link dev.pareto.engine.text.chat.answer.AnswerParser}.
     *
     * @param forced that the answer must be a call, whose beginning is then part of the prompt; null to let the model
     *            choose
     * @throws EngineException.InvalidRequest if the template refuses the conversation, or knows no tools
     */
    ChatPrompt chat(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras, @Nullable ForcedCall forced);

    /** The tokens of a text to be continued, the begin token in front if the model wants one. */
    int[] prompt(String text);

    /**
     * Begins an answer and returns at once.
     *
     * @throws EngineException.Busy if as many requests as allowed run and wait
     * @throws EngineException.ContextTooLong if the prompt leaves no room for an answer
     * @throws EngineException.InvalidRequest if a token does not exist
     */
    Generation generate(GenerationRequest request, GenerationListener listener);

    /** What the model can be read for, beside writing. */
    ReadingProfile reading();

    /**
     * The vector of one text. Waits for the result.
     *
     * @throws EngineException as {@link #embed(EmbeddingRequest)}, and if it takes longer than the engine's time limit
     */
    float[] embed(int[] tokens);

    /**
     * Begins to embed texts and returns at once. The result fails with an {@link EngineException}, {@link EngineException.Busy}
     * where the time limit cut it; cancelling it stops the work. Whatever is chained to it without an executor never runs on
     * the thread that computes: it may block.
     *
     * @throws EngineException.Busy if as many requests as allowed run and wait
     * @throws EngineException.ContextTooLong if one of the texts is longer than the model can read
     * @throws EngineException.InvalidRequest if a token does not exist, a text has none, the model does not embed or was not
     *             trained for vectors of the length asked for
     */
    CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request);

    /**
     * Begins to rank documents and returns at once; otherwise as {@link #embed(EmbeddingRequest)}. The texts become tokens on
     * the caller's thread.
     *
     * @throws EngineException also {@link EngineException.InvalidRequest} if the model does not rank
     */
    CompletableFuture<RerankResult> rerank(RerankRequest request);

    /**
     * The logits of the token after each of these positions, in their order. Waits for the result.
     *
     * @param positions 0 to one less than the number of tokens
     * @throws EngineException as {@link #embed(int[])}
     */
    float[][] logits(int[] tokens, int[] positions);

    /** How busy the model is. */
    EngineLoad load();

    /** Gives this handle back. The last one ends what still runs and frees the weights. */
    @Override
    void close();
}
