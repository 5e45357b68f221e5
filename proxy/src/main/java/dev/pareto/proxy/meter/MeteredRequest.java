package dev.pareto.proxy.meter;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.experiment.Exposure;

import org.jspecify.annotations.Nullable;

/**
 * What the ledger wants to know of a request, the same for each of its attempts.
 *
 * @param baseline the closed model whose cost is what would have been paid; null keeps the request out of the savings
 * @param decisionJson why the first model was chosen, kept once
 * @param generates whether the answer is generated text, as opposed to embeddings
 * @param promptCharacters of text
 * @param promptTokens estimated, for the reservation and for answers that never told
 * @param answers how many are made to it, told or not; at least one
 * @param maxOutputTokens the caller's bound for each answer; null when it set none
 * @param serviceTier asked for; null when none was
 * @param exposure its part in an experiment, kept once; null for none
 */
public record MeteredRequest(UUID requestId, String tenant, Map<String, String> tags, String route,
        String requestedModel,
        String usageDialect, boolean generates, @Nullable Model baseline, @Nullable String decisionJson,
        long promptCharacters, long promptTokens,
        int answers, @Nullable Integer maxOutputTokens, @Nullable String serviceTier,
        @Nullable Exposure exposure) {

    public MeteredRequest {
        Objects.requireNonNull(requestId, "requestId is null");
        tags = Map.copyOf(tags);
        if (answers < 1) {
            throw new IllegalArgumentException("answers must be at least 1, got " + answers);
        }
    }

    /** A request that is in no experiment. */
    public MeteredRequest(UUID requestId, String tenant, Map<String, String> tags, String route, String requestedModel,
            String usageDialect, boolean generates, @Nullable Model baseline, @Nullable String decisionJson,
            long promptCharacters, long promptTokens, int answers, @Nullable Integer maxOutputTokens,
            @Nullable String serviceTier) {
        this(requestId, tenant, tags, route, requestedModel, usageDialect, generates, baseline, decisionJson,
                promptCharacters, promptTokens, answers, maxOutputTokens, serviceTier, null);
    }

    /** The same for a call that the caller's answer does not need; the decision stays with the others. */
    public MeteredRequest aside() {
        return new MeteredRequest(requestId, tenant, tags, route, requestedModel, usageDialect, generates, baseline,
                null, promptCharacters, promptTokens, answers, maxOutputTokens, serviceTier);
    }

    /** The same with more known of the decision. */
    public MeteredRequest decided(@Nullable String json) {
        return new MeteredRequest(requestId, tenant, tags, route, requestedModel, usageDialect, generates, baseline,
                json, promptCharacters, promptTokens, answers, maxOutputTokens, serviceTier, exposure);
    }

    /** A call to a model that judges the answer, of its own length; it is the same request's and its route's expense. */
    public MeteredRequest judged(String judge, long characters, long tokens, @Nullable Integer most) {
        return new MeteredRequest(requestId, tenant, tags, route, judge, usageDialect, true, baseline, null, characters,
                tokens, 1, most, null);
    }
}
