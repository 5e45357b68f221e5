package dev.pareto.proxy.meter;

import java.time.Duration;

import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Usage;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt went, for those who learn from it: breakers and latency trackers.
 *
 * @param firstByte from the start of the call; null when no byte came
 * @param errorCode null when it did not fail
 */
public record AttemptEnd(ModelId model, AttemptState state, @Nullable Duration firstByte, Duration total,
        @Nullable Usage usage, @Nullable String errorCode) {

    /** Whether the failure speaks against the vendor: a refusal of the caller's own request (4xx) does not. */
    public boolean vendorsFault() {
        return errorCode != null && !errorCode.startsWith("upstream_status_4");
    }
}
