package dev.pareto.engine;

import org.jspecify.annotations.Nullable;

/**
 * How an answer ended and what it took.
 *
 * @param promptTokens tokens of the prompt, all of them, whether computed yet or not
 * @param completionTokens tokens drawn, the one that ends the model's turn included although it has no text (as llama.cpp
 *            and vLLM count), and those of a stop text included
 * @param cachedTokens tokens of the prompt that did not have to be computed
 * @param stopText the stop text that ended the answer, or null
 */
public record GenerationResult(FinishReason reason, int promptTokens, int completionTokens, int cachedTokens,
        @Nullable String stopText, Timings timings) {}
