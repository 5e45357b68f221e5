package dev.pareto.proxy.dialect.openai;

import org.jspecify.annotations.Nullable;

/**
 * What was seen of an answer when it ended, however it ended.
 *
 * @param complete whether the answer said that it is whole, or was one JSON object
 * @param usageRaw the vendor's usage object as sent; null when none came
 * @param outputCharacters text seen so far, about four to a token; for estimates where no usage came
 * @param events text-bearing events of a stream; a vendor sends at least one token in each
 * @param error whether an error came in the stream
 */
public record Observed(@Nullable String model, @Nullable String finishReason, @Nullable String usageRaw,
        @Nullable String serviceTier, boolean complete, boolean error, long outputCharacters, long events) {

    public static final Observed NOTHING = new Observed(null, null, null, null, false, false, 0, 0);

    /** Reads a whole answer that was not streamed. */
    public static Observed of(byte[] answer) {
        AnswerFacts facts = AnswerFacts.readable(answer, 0, answer.length);
        return facts == null
                ? NOTHING
                : new Observed(facts.model(), facts.finishReason(), facts.usageRaw(), facts.serviceTier(), true,
                        facts.error(), facts.textCharacters(), 0);
    }
}
