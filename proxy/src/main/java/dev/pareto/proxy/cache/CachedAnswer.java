package dev.pareto.proxy.cache;

import java.util.Map;
import java.util.Objects;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/** A whole answer of status 200 as the caller got it; streamed ones are kept as the bytes of their events. Immutable. */
public final class CachedAnswer {

    private final ModelId model;
    private final Map<String, String> headers;
    private final byte[] body;
    private final @Nullable Money cost;

    /**
     * @param headers those that went to the caller
     * @param body shared, not to be written to afterwards
     * @param cost what it cost when it was made, which a hit saves; null when unpriced
     */
    public CachedAnswer(ModelId model, Map<String, String> headers, byte[] body, @Nullable Money cost) {
        this.model = Objects.requireNonNull(model, "model is null");
        this.headers = Map.copyOf(headers);
        this.body = body;
        this.cost = cost;
    }

    public ModelId model() {
        return model;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public byte[] body() {
        return body;
    }

    public @Nullable Money cost() {
        return cost;
    }

    int weight() {
        return body.length + 512;
    }
}
