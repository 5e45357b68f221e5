package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.store.RowsDropped;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some calls of a period.
 *
 * @param next to ask for more with {@code before}; null when there are no more
 * @param searchedTo back to when this page looked, where it stopped before it was full; null when it is full or has all
 * @param dropped months of the period whose calls are no longer kept one by one, oldest first
 */
public record CallList(Frame frame, List<CallRow> rows, @Nullable String next, @Nullable Instant searchedTo,
        List<YearMonth> dropped)
        implements
            Report {

    public CallList {
        rows = List.copyOf(rows);
        dropped = List.copyOf(dropped);
    }

    /** @throws RowsDropped when calls of the period are no longer kept: a file of the others would look like all */
    @Override
    public Sheet sheet() {
        if (!dropped.isEmpty()) {
            throw new RowsDropped(dropped);
        }
        return new Sheet("calls", List.of("attempt_id", "request_id", "attempt_no", "started_at", "role", "state",
                "tenant", "route", "model", "vendor", "simulated", "currency", "cost", "baseline", "cost_source",
                "usage_source", "input_tokens", "output_tokens", "latency_ms", "http_status", "error_code"),
                rows.stream()
                        .map(row -> Sheet.row(row.attemptId(), row.requestId(), row.attemptNo(), row.startedAt(),
                                row.role(), row.state(), row.tenant(), row.route(), row.model(), row.vendor(),
                                row.simulated(), row.currency(), row.cost() == null ? null : row.cost().value(),
                                row.baseline() == null ? null : row.baseline().value(), row.costSource(),
                                row.usageSource(), row.inputTokens(), row.outputTokens(), row.latencyMillis(),
                                row.httpStatus(), row.errorCode()))
                        .toList());
    }
}
