package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.SwapKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a replacement stands.
 *
 * @param state the swap state machine's own name for it
 * @param share of the traffic that the candidate may serve now, 0 to 1
 * @param verdictId the verdict that brought it there; null when something else did
 * @param reason one sentence for people
 * @param json the whole of it, for its keeper
 */
public record StoredSwap(SwapKey key, ModelId incumbent, String state, double share, Instant since,
        @Nullable String verdictId, String reason, String json) {

    public StoredSwap {
        requireNonNull(key, "key is null");
        requireNonNull(incumbent, "incumbent is null");
        requireNonNull(state, "state is null");
        requireNonNull(since, "since is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(json, "json is null");
    }

    public String route() {
        return key.route();
    }

    public ModelId candidate() {
        return key.candidate();
    }
}
