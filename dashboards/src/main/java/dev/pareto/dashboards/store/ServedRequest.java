package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request as the ledger has it, for whoever speaks of its answer later.
 *
 * @param at when it came
 * @param answeredBy the model whose answer the caller got; null when there was none
 * @param decision why it went where it went, as JSON; null when that was not kept
 */
public record ServedRequest(String requestId, String tenant, String route, Instant at, @Nullable ModelId answeredBy,
        @Nullable String decision) {

    public ServedRequest {
        requireNonNull(requestId, "requestId is null");
        requireNonNull(tenant, "tenant is null");
        requireNonNull(route, "route is null");
        requireNonNull(at, "at is null");
    }
}
