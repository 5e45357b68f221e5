package dev.pareto.engine;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.grammar.Grammar;

/**
 * One answer that is asked for.
 *
 * @param prompt the tokens to continue, at least one; not copied again on access, treat as read-only
 * @param maxTokens the most tokens to generate, or {@link #ENGINE_DEFAULT}; where the context ends earlier, the answer does
 * @param sampling how tokens are drawn
 * @param stop texts that end the answer and are not part of it, at most {@link #MAX_STOPS}
 * @param topLogprobs null for no log-probabilities, otherwise how many of the likeliest alternatives to tell beside each
 *            token, 0 to {@link #MAX_TOP_LOGPROBS}
 * @param timeLimit from submission to the end, waiting included; the answer is cut there with what it has
 * @param grammar what the text of the answer must match; null for any text. A text cut by length, time or a stop text
 *            may be incomplete
 * @param shown control tokens whose names become part of the text; all others have none
 * @param partition requests of the same partition share what was computed of prompts that begin alike; how soon an answer
 *            comes can tell what others of it asked, so give each tenant its own. Where requests wait, partitions take turns.
 *            Null shares nothing
 */
@SuppressWarnings("ArrayRecordComponent") // token ids stay primitive; requests are never compared
public record GenerationRequest(int[] prompt, int maxTokens, Sampling sampling, List<String> stop,
        @Nullable Integer topLogprobs, Duration timeLimit, @Nullable Grammar grammar, Set<Integer> shown,
        @Nullable String partition) {

    /** As many tokens as the engine's setting allows and the context has room for. */
    public static final int ENGINE_DEFAULT = 0;
    /** The most alternatives beside a token, as in OpenAI's API. */
    public static final int MAX_TOP_LOGPROBS = 20;
    /** The most stop texts: vendors allow 4 to 16. */
    public static final int MAX_STOPS = 64;

    private static final int MAX_STOP_LENGTH = 4096;
    private static final int MAX_PARTITION_LENGTH = 1024;

    /** Checks and copies. */
    public GenerationRequest {
        prompt = prompt.clone();
        stop = List.copyOf(stop);
        shown = Set.copyOf(shown);
        Objects.requireNonNull(sampling, "sampling");
        check(prompt.length > 0, "the prompt has no tokens; it needs at least one");
        check(maxTokens >= 0, "max_tokens is " + maxTokens + "; it must be 1 or more, or 0 for the engine's default");
        check(topLogprobs == null || (topLogprobs >= 0 && topLogprobs <= MAX_TOP_LOGPROBS),
                "top_logprobs is " + topLogprobs + "; it must be 0 to " + MAX_TOP_LOGPROBS);
        check(stop.size() <= MAX_STOPS, stop.size() + " stop texts; " + MAX_STOPS + " are the most");
        check(stop.stream().allMatch(text -> !text.isEmpty() && text.length() <= MAX_STOP_LENGTH),
                "a stop text is empty or longer than " + MAX_STOP_LENGTH + " characters");
        check(timeLimit.isPositive(), "the time limit is " + timeLimit + "; it must be positive");
        check(partition == null || partition.length() <= MAX_PARTITION_LENGTH,
                "the partition's name is longer than " + MAX_PARTITION_LENGTH + " characters");
    }

    /** No control token has a text, nothing shared. */
    public GenerationRequest(int[] prompt, int maxTokens, Sampling sampling, List<String> stop,
            @Nullable Integer topLogprobs, Duration timeLimit, @Nullable Grammar grammar) {
        this(prompt, maxTokens, sampling, stop, topLogprobs, timeLimit, grammar, Set.of(), null);
    }

    /** Any text, nothing shared. */
    public GenerationRequest(int[] prompt, int maxTokens, Sampling sampling, List<String> stop,
            @Nullable Integer topLogprobs, Duration timeLimit) {
        this(prompt, maxTokens, sampling, stop, topLogprobs, timeLimit, null);
    }

    /** No stop texts, no log-probabilities. */
    public static GenerationRequest of(int[] prompt, int maxTokens, Sampling sampling, Duration timeLimit) {
        return new GenerationRequest(prompt, maxTokens, sampling, List.of(), null, timeLimit);
    }

    /** The same with a grammar, or without. */
    public GenerationRequest withGrammar(@Nullable Grammar newGrammar) {
        return new GenerationRequest(prompt, maxTokens, sampling, stop, topLogprobs, timeLimit, newGrammar, shown,
                partition);
    }

    /** The same with the names of these control tokens in the text. */
    public GenerationRequest withShown(Set<Integer> tokens) {
        return new GenerationRequest(prompt, maxTokens, sampling, stop, topLogprobs, timeLimit, grammar, tokens,
                partition);
    }

    /** The same in another partition, or in none. */
    public GenerationRequest inPartition(@Nullable String newPartition) {
        return new GenerationRequest(prompt, maxTokens, sampling, stop, topLogprobs, timeLimit, grammar, shown,
                newPartition);
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new EngineException.InvalidRequest(otherwise);
        }
    }
}
