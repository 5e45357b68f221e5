package dev.pareto.proxy.upstream;

import java.util.List;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.meter.MeteredRequest;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Where a request may go.
 *
 * @param chain the chosen model and those to fall back to, in order; at least one
 * @param headers the caller's, allow-listed
 * @param addressed the vendor for whom the caller's own key is meant, and the only one who gets it; null for none
 */
public record Plan(OpenAiRequest request, MeteredRequest metered, Caller caller, HttpHeaders headers,
        List<ModelId> chain, @Nullable String addressed) {

    public Plan {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a plan needs at least one model");
        }
    }
}
