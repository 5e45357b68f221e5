package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a route's replacement stands.
 *
 * @param state the swap state machine's own name for it
 * @param verdictId the verdict that brought it there; null when something else did
 * @param reason one sentence for people
 */
public record StoredSwap(String route, ModelId candidate, ModelId incumbent, String state, @Nullable String verdictId,
        String reason, Instant since) {

    public StoredSwap {
        requireNonNull(route, "route is null");
        requireNonNull(candidate, "candidate is null");
        requireNonNull(incumbent, "incumbent is null");
        requireNonNull(state, "state is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(since, "since is null");
    }
}
