package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.report.Amount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request with everything that was booked for it; never its content.
 *
 * @param cost of all its calls and adjustments; null where one of them is unknown
 */
public record CallDetail(String requestId, Instant receivedAt, String tenant, Map<String, String> tags, String route,
        String requestedModel, @Nullable String currency, @Nullable Amount cost, @Nullable Amount baseline,
        List<Call> calls) {

    public CallDetail {
        tags = Map.copyOf(tags);
        calls = List.copyOf(calls);
    }

    /**
     * One call.
     *
     * @param afterMillis from the request's arrival to the start of this call
     * @param usageRaw the vendor's own counts as they came; null where it gave none
     * @param normaliser the version of the code that read them
     */
    public record Call(CallRow row, long afterMillis, @Nullable Long firstByteMillis, @Nullable String servedModel,
            @Nullable String tier, @Nullable String region, String replica, @Nullable Amount list,
            @Nullable Amount contract, @Nullable Amount reported, @Nullable String reportedCurrency,
            @Nullable Amount reserved, @Nullable String priceVersion, @Nullable String baselineVersion,
            long cacheReadTokens, long cacheWriteTokens, long reasoningTokens, boolean inconsistent,
            @Nullable Integer normaliser, @Nullable String usageRaw, @Nullable String finishReason, List<Line> lines,
            List<Line> baselineLines, List<Correction> adjustments) {

        public Call {
            lines = List.copyOf(lines);
            baselineLines = List.copyOf(baselineLines);
            adjustments = List.copyOf(adjustments);
        }
    }

    /** Quantity times unit price is cost; all exact decimal text, null where it is unknown. */
    public record Line(String bucket, String quantity, @Nullable String unitPrice, @Nullable String per,
            @Nullable Amount cost, @Nullable String priceVersion, @Nullable Amount list) {}

    /** An adjustment of a call. */
    public record Correction(String id, Instant bookedAt, String kind, Amount amount, String currency, String reason,
            String enteredBy) {}
}
