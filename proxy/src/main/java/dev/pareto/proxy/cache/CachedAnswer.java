package dev.pareto.proxy.cache;

import java.util.Map;
import java.util.Objects;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.price.Cost;

import org.jspecify.annotations.Nullable;

/** A whole answer of status 200 as the caller got it; streamed ones are kept as the bytes of their events. Immutable. */
public final class CachedAnswer {

    private final Model model;
    private final Map<String, String> headers;
    private final byte[] body;
    private final @Nullable Cost cost;

    /**
     * @param headers those that went to the caller
     * @param body shared, not to be written to afterwards
     * @param cost what it cost when it was made, which a hit saves; null when unpriced
     */
    public CachedAnswer(Model model, Map<String, String> headers, byte[] body, @Nullable Cost cost) {
        this.model = Objects.requireNonNull(model, "model is null");
        this.headers = Map.copyOf(headers);
        this.body = body;
        this.cost = cost;
    }

    public Model model() {
        return model;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public byte[] body() {
        return body;
    }

    public @Nullable Cost cost() {
        return cost;
    }

    int weight() {
        return body.length + 512;
    }
}
