package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

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

    /** Checks what must be there. */
    public Answer {
        requireNonNull(text, "text is null");
        requireNonNull(servedModel, "servedModel is null");
        if (latency.isNegative()) {
            throw new IllegalArgumentException("the latency is negative");
        }
    }
}
