package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call in a list. Money is null where it is unknown.
 *
 * @param usageSource where its quantities come from, lower case; null while it is open
 */
public record CallRow(String attemptId, String requestId, int attemptNo, String role, String state, Instant startedAt,
        @Nullable Long latencyMillis, String tenant, String route, String model, String vendor, boolean simulated,
        @Nullable String currency, @Nullable Amount cost, @Nullable Amount baseline, String costSource,
        @Nullable String usageSource, boolean estimated, long inputTokens, long outputTokens,
        @Nullable Integer httpStatus, @Nullable String errorCode) {

    static final String COLUMNS = "attempt_id, request_id, attempt_no, role, state, started_us, ended_us, tenant, route,"
            + " model, vendor, simulated, currency, cost_pico, baseline_pico, cost_source, usage_source, estimated,"
            + " input_tokens, output_tokens, http_status, error_code";

    static CallRow read(ResultSet row, int number) throws SQLException {
        long started = row.getLong("started_us");
        Long ended = longOrNull(row, "ended_us");
        Long status = longOrNull(row, "http_status");
        String source = row.getString("cost_source");
        return new CallRow(row.getString("attempt_id"), row.getString("request_id"), row.getInt("attempt_no"),
                row.getString("role"), row.getString("state"), Micros.toInstant(started),
                ended == null ? null : (Long) (Math.max(0, ended - started) / 1_000), row.getString("tenant"),
                row.getString("route"), row.getString("model"), row.getString("vendor"), row.getInt("simulated") == 1,
                row.getString("currency"), amount(row, "cost_pico"), amount(row, "baseline_pico"),
                source == null ? "open" : source, lower(row.getString("usage_source")), row.getInt("estimated") == 1,
                row.getLong("input_tokens"), row.getLong("output_tokens"),
                status == null ? null : (Integer) status.intValue(), row.getString("error_code"));
    }

    static @Nullable Amount amount(ResultSet row, String column) throws SQLException {
        Long picos = longOrNull(row, column);
        return picos == null ? null : new Amount(Picos.toAmount(picos));
    }

    static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : (Long) value;
    }

    static @Nullable String lower(@Nullable String name) {
        return name == null ? null : name.toLowerCase(java.util.Locale.ROOT);
    }
}
