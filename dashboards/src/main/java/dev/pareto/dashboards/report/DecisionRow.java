package dev.pareto.dashboards.report;

import dev.pareto.dashboards.ledger.AttemptState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request and what was decided for it.
 *
 * @param model the one asked last, hence the one that answered if any did
 * @param reason the decision's own line; null when none was kept
 * @param cost of all its attempts; null while one is open or has no price
 * @param saved baseline less cost; null when there is no baseline to compare with
 * @param latencyMillis from the first attempt's start to the last one's end; null while one is open
 */
public record DecisionRow(String requestId, Instant at, String route, String requestedModel, String model,
        @Nullable String policy, @Nullable String reason, @Nullable Amount cost, @Nullable Amount saved,
        @Nullable Long latencyMillis, AttemptState state, int attempts, boolean simulated, boolean estimated,
        @Nullable String errorCode) {}
