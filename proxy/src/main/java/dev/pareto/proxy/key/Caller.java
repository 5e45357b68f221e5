package dev.pareto.proxy.key;

import java.util.Objects;

import dev.pareto.policies.catalog.Secret;

import org.jspecify.annotations.Nullable;

/**
 * Whom a request belongs to.
 *
 * @param tenant the key's id, or a name made from the hash of the caller's own vendor key
 * @param authorization the caller's own {@code Authorization}, for vendors without a configured key; null where the caller came
 *            with a Pareto key, which no vendor may see
 */
public record Caller(String tenant, @Nullable Secret authorization) {

    public Caller {
        Objects.requireNonNull(tenant, "tenant is null");
    }
}
