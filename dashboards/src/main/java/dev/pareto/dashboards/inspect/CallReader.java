package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads single requests in full. Blocks. */
final class CallReader {

    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};
    private static final int MOST_CALLS = 200;

    private final JdbcClient reads;

    CallReader(JdbcClient reads) {
        this.reads = reads;
    }

    Optional<CallDetail> request(String requestId) {
        List<CallDetail.Call> calls = reads
                .sql("SELECT * FROM attempt WHERE request_id = ? ORDER BY attempt_no, attempt_id LIMIT " + MOST_CALLS)
                .param(requestId)
                .query(this::call)
                .list();
        return reads.sql("SELECT * FROM request WHERE request_id = ?").param(requestId).query((row, number) -> {
            long received = row.getLong("received_us");
            CallRow first = calls.isEmpty() ? null : calls.getFirst().row();
            return new CallDetail(requestId, Micros.toInstant(received), row.getString("tenant"),
                    tags(row.getString("tags")), row.getString("route"), row.getString("requested_model"),
                    first == null ? null : first.currency(), cost(calls), baseline(calls), calls);
        }).optional();
    }

    private CallDetail.Call call(ResultSet row, int number) throws SQLException {
        CallRow main = CallRow.read(row, number);
        String id = main.attemptId();
        long started = row.getLong("started_us");
        Long firstByte = CallRow.longOrNull(row, "first_byte_us");
        Long normaliser = CallRow.longOrNull(row, "normaliser");
        String served = row.getString("served_tier");
        return new CallDetail.Call(main, after(main.requestId(), started),
                firstByte == null ? null : (Long) (Math.max(0, firstByte - started) / 1_000),
                row.getString("served_model"), served == null ? row.getString("requested_tier") : served,
                row.getString("region"), row.getString("replica"), CallRow.amount(row, "list_pico"),
                CallRow.amount(row, "contract_pico"), CallRow.amount(row, "reported_pico"),
                row.getString("reported_currency"), CallRow.amount(row, "reserved_pico"),
                row.getString("price_version"), row.getString("baseline_price_version"),
                row.getLong("cache_read_tokens"), row.getLong("cache_write_tokens"), row.getLong("reasoning_tokens"),
                row.getInt("inconsistent") == 1, normaliser == null ? null : (Integer) normaliser.intValue(),
                row.getString("usage_raw"), row.getString("finish_reason"), lines("charge_line", id),
                lines("baseline_line", id), corrections(id));
    }

    private long after(String requestId, long started) {
        long received = reads.sql("SELECT received_us FROM request WHERE request_id = ?")
                .param(requestId)
                .query(Long.class)
                .optional()
                .orElse(started);
        return Math.max(0, started - received) / 1_000;
    }

    private List<CallDetail.Line> lines(String table, String attemptId) {
        boolean charged = table.equals("charge_line");
        return reads.sql("SELECT * FROM " + table + " WHERE attempt_id = ? ORDER BY line_no")
                .param(attemptId)
                .query((row, number) -> new CallDetail.Line(row.getString("bucket"), row.getString("quantity"),
                        row.getString("unit_price"), row.getString("per"), CallRow.amount(row, "cost_pico"),
                        row.getString("price_version"), charged ? CallRow.amount(row, "list_pico") : null))
                .list();
    }

    private List<CallDetail.Correction> corrections(String attemptId) {
        return reads.sql("SELECT * FROM adjustment WHERE attempt_id = ? ORDER BY booked_us, adjustment_id LIMIT 100")
                .param(attemptId)
                .query((row, number) -> new CallDetail.Correction(row.getString("adjustment_id"),
                        Micros.toInstant(row.getLong("booked_us")), row.getString("kind"),
                        Objects.requireNonNull(CallRow.amount(row, "amount_pico")), row.getString("currency"),
                        row.getString("reason"), row.getString("entered_by")))
                .list();
    }

    private static @Nullable Amount cost(List<CallDetail.Call> calls) {
        Amount sum = Amount.ZERO;
        for (CallDetail.Call call : calls) {
            Amount cost = call.row().cost();
            if (cost == null || !Objects.equals(call.row().currency(), calls.getFirst().row().currency())) {
                return null;
            }
            sum = sum.plus(cost);
            for (CallDetail.Correction correction : call.adjustments()) {
                sum = sum.plus(correction.amount());
            }
        }
        return sum;
    }

    private static @Nullable Amount baseline(List<CallDetail.Call> calls) {
        List<Amount> known = new ArrayList<>();
        calls.forEach(call -> {
            if (call.row().baseline() != null) {
                known.add(call.row().baseline());
            }
        });
        return known.isEmpty() ? null : known.stream().reduce(Amount.ZERO, Amount::plus);
    }

    private static Map<String, String> tags(String json) {
        try {
            return JsonMapper.shared().readValue(json, TAGS);
        } catch (JacksonException e) {
            return Map.of();
        }
    }
}
