package dev.pareto.dashboards.report;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as pages show it; money is null where it is unknown.
 *
 * @param usageSource where the quantities come from, lower case; null while open
 * @param lines empty where only the row was asked for
 */
public record AttemptRow(String attemptId, String requestId, int attemptNo, AttemptRole role, AttemptState state,
        Instant startedAt, @Nullable Instant endedAt, @Nullable Long latencyMillis, @Nullable Long firstByteMillis,
        String tenant, String route, String requestedModel, String model, @Nullable String servedModel, String vendor,
        boolean simulated, @Nullable String currency, @Nullable Amount reserved, @Nullable Amount cost,
        @Nullable Amount baseline, @Nullable String priceVersion, @Nullable String usageSource, boolean estimated,
        long inputTokens, long cacheReadTokens, long outputTokens, @Nullable Integer httpStatus,
        @Nullable String finishReason, @Nullable String errorCode, List<Line> lines) {

    public AttemptRow {
        lines = List.copyOf(lines);
    }

    AttemptRow with(List<Line> found) {
        return new AttemptRow(attemptId, requestId, attemptNo, role, state, startedAt, endedAt, latencyMillis,
                firstByteMillis, tenant, route, requestedModel, model, servedModel, vendor, simulated, currency,
                reserved,
                cost, baseline, priceVersion, usageSource, estimated, inputTokens, cacheReadTokens, outputTokens,
                httpStatus, finishReason, errorCode, found);
    }

    /** One bucket of the bill; quantity, price and per are exact decimal text. */
    public record Line(String bucket, String quantity, @Nullable String unitPrice, @Nullable String per,
            @Nullable Amount cost) {}
}
