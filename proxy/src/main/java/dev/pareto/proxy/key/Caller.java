package dev.pareto.proxy.key;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.Permission;

import org.jspecify.annotations.Nullable;

/**
 * Whom a request belongs to.
 *
 * @param tenant the key's tenant, or a name made from the hash of the caller's own vendor key
 * @param tags the key's, recorded with every attempt
 * @param authorization the caller's own {@code Authorization}, for vendors without a configured key; null where the caller came
 *            with a Pareto key, which no vendor may see
 * @param key the name of its Pareto key; null where it came with none
 * @param may what the key lets its bearer do besides calling models
 */
public record Caller(String tenant, Map<String, String> tags, @Nullable Secret authorization, Set<Permission> may,
        @Nullable String key) {

    public Caller {
        Objects.requireNonNull(tenant, "tenant is null");
        tags = Map.copyOf(tags);
        may = Set.copyOf(may);
    }

    /** Who came without a Pareto key, or nobody asks with which. */
    public Caller(String tenant, Map<String, String> tags, @Nullable Secret authorization, Set<Permission> may) {
        this(tenant, tags, authorization, may, null);
    }

    /** Who may call models and no more. */
    public Caller(String tenant, Map<String, String> tags, @Nullable Secret authorization) {
        this(tenant, tags, authorization, Set.of());
    }
}
