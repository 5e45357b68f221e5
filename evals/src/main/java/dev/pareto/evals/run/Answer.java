package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * One answer of a model, as measured when it was given.
 *
 * @param text the whole answer
 * @param latency from sending the request to its last byte
 * @param cost null when unknown, never zero for it
 * @param promptTokens null when unknown
 * @param completionTokens null when unknown
 * @param simulated whether a stand-in answered for the vendor
 * @param finishReason as the vendor names it
 * @param servedModel the model that answered by its own account
 * @param fingerprint identifies weights, template and host as far as the server tells
 * @param cacheHit whether a gateway cache answered, so that the latency is not the model's
 */
public record Answer(String text, Duration latency, @Nullable Money cost, @Nullable Long promptTokens,
        @Nullable Long completionTokens, boolean simulated, @Nullable String finishReason, String servedModel,
        @Nullable String fingerprint, boolean cacheHit) {

    private static final int BRIEF = 400;
    private static final Set<String> TRUNCATED = Set.of("length", "max_tokens", "MAX_TOKENS");
    private static final Set<String> REFUSED = Set.of("content_filter", "refusal", "SAFETY", "PROHIBITED_CONTENT");
    /** How refusals begin; a guard needs a rule that nobody has to trust, not one that knows every wording. */
    private static final Pattern REFUSAL = Pattern.compile("\\s*+(?:I['’]m (?:very )?sorry|I am (?:very )?sorry|Sorry|"
            + "I apologi[sz]e|Unfortunately)?[,.;]?\\s*+(?:but )?I (?:can['’]?t|cannot|can not|won['’]t|am unable to|"
            + "am not able to|['’]?m unable to|['’]?m not able to) (?:help|assist|provide|comply|fulfil|answer|do that|"
            + "support|engage|create|write|generate|continue|discuss)", Pattern.CASE_INSENSITIVE);

    /** Checks what must be there. */
    public Answer {
        requireNonNull(text, "text is null");
        requireNonNull(servedModel, "servedModel is null");
        if (latency.isNegative()) {
            throw new IllegalArgumentException("the latency is negative");
        }
    }

    /** The same with the beginning of its words only. */
    Answer brief() {
        return text.length() <= BRIEF
                ? this
                : new Answer(text.substring(0, BRIEF) + "…", latency, cost, promptTokens, completionTokens, simulated,
                        finishReason, servedModel, fingerprint, cacheHit);
    }

    /** Whether the vendor cut the answer off at its longest; OpenAI and others say {@code length}, Anthropic {@code max_tokens}. */
    public boolean truncated() {
        return finishReason != null && TRUNCATED.contains(finishReason);
    }

    /** Whether the model, or the vendor for it, declined: by its finish reason, or by an answer that only says so. */
    public boolean refused() {
        return (finishReason != null && REFUSED.contains(finishReason)) || REFUSAL.matcher(text).lookingAt();
    }
}
