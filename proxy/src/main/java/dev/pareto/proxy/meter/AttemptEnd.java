package dev.pareto.proxy.meter;

import java.time.Duration;

import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.Usage;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt went, for those who learn from it: breakers and latency trackers.
 *
 * @param firstByte from the start of the call; null when no byte came
 * @param cost what will be paid for it, whether it failed or not; null when it is not known
 * @param errorCode null when it did not fail
 */
public record AttemptEnd(ModelId model, AttemptState state, @Nullable Duration firstByte, Duration total,
        @Nullable Usage usage, @Nullable Money cost, @Nullable String errorCode) {

    /** A call that was never made. */
    public static AttemptEnd never(ModelId model) {
        return new AttemptEnd(model, AttemptState.ABORTED, null, Duration.ZERO, null, Money.zero("USD"), null);
    }

    /**
     * Whether the failure speaks against the vendor. A refusal of the caller's own request (4xx) does not; that the gateway's own
     * key is not let in, is out of quota, or finds no such model, does: every caller will meet it.
     *
     * @param ownKey whether the vendor was asked with the gateway's own key, for a model of the catalogue
     */
    public boolean vendorsFault(boolean ownKey) {
        if (errorCode == null) {
            return false;
        }
        return switch (errorCode) {
            case "upstream_status_401", "upstream_status_404", "upstream_status_408", "upstream_status_429" -> ownKey;
            default -> !errorCode.startsWith("upstream_status_4");
        };
    }
}
