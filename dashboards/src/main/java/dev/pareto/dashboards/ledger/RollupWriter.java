package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the sums of one transaction in memory and adds them to the roll-up tables in as few statements as there are keys. */
final class RollupWriter implements AutoCloseable {

    private static final int MEASURES = 18;

    private static final String ADD_HOUR = """
                                           INSERT INTO rollup_hour (hour_us, tenant, route, model, vendor, role, simulated, currency,
                                             attempts, requests, answered, caller_left, settled, aborted, failed, expired, unpriced, estimated,
                                             input_tokens, cache_read_tokens, output_tokens, cost_pico, estimated_pico, baseline_pico, compared_pico,
                                             refused)
                                           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                           ON CONFLICT (hour_us, tenant, route, model, vendor, role, simulated, currency) DO UPDATE SET
                                             attempts = rollup_hour.attempts + excluded.attempts,
                                             requests = rollup_hour.requests + excluded.requests,
                                             answered = rollup_hour.answered + excluded.answered,
                                             caller_left = rollup_hour.caller_left + excluded.caller_left,
                                             settled = rollup_hour.settled + excluded.settled,
                                             aborted = rollup_hour.aborted + excluded.aborted,
                                             failed = rollup_hour.failed + excluded.failed,
                                             expired = rollup_hour.expired + excluded.expired,
                                             unpriced = rollup_hour.unpriced + excluded.unpriced,
                                             estimated = rollup_hour.estimated + excluded.estimated,
                                             input_tokens = rollup_hour.input_tokens + excluded.input_tokens,
                                             cache_read_tokens = rollup_hour.cache_read_tokens + excluded.cache_read_tokens,
                                             output_tokens = rollup_hour.output_tokens + excluded.output_tokens,
                                             cost_pico = rollup_hour.cost_pico + excluded.cost_pico,
                                             estimated_pico = rollup_hour.estimated_pico + excluded.estimated_pico,
                                             baseline_pico = rollup_hour.baseline_pico + excluded.baseline_pico,
                                             compared_pico = rollup_hour.compared_pico + excluded.compared_pico,
                                             refused = rollup_hour.refused + excluded.refused""";

    private static final String ADD_LATENCY = """
                                              INSERT INTO rollup_latency (hour_us, model, simulated, bucket, attempts) VALUES (?, ?, ?, ?, ?)
                                              ON CONFLICT (hour_us, model, simulated, bucket) DO UPDATE SET
                                                attempts = rollup_latency.attempts + excluded.attempts""";

    private final PreparedStatement addHour;
    private final PreparedStatement addLatency;
    private final Map<HourKey, long[]> hours = new HashMap<>();
    private final Map<LatencyKey, Long> latencies = new HashMap<>();

    RollupWriter(Connection connection) throws SQLException {
        addHour = connection.prepareStatement(ADD_HOUR);
        addLatency = connection.prepareStatement(ADD_LATENCY);
    }

    /** Counts a closed row; {@code opened} is what the closing statement returned of it. */
    void add(ResultSet opened, AttemptWriter.Closing it) throws SQLException {
        long started = opened.getLong(1);
        AttemptRole role = AttemptRole.valueOf(opened.getString(6));
        boolean simulated = opened.getInt(7) == 1;
        String currency = opened.getString(8);
        HourKey key = new HourKey(Micros.hourOf(started), opened.getString(2), opened.getString(3), opened.getString(4),
                opened.getString(5), role, simulated, currency == null ? "" : currency);
        long[] sums = hours.computeIfAbsent(key, ignored -> new long[MEASURES]);
        long[] values = measures(it, role, opened.getInt(9));
        for (int i = 0; i < MEASURES; i++) {
            sums[i] = Math.addExact(sums[i], values[i]);
        }
        if (it.state() == AttemptState.SETTLED) {
            long latency = Math.max(0, Micros.of(it.endedAt()) - started);
            latencies.merge(new LatencyKey(key.hour(), key.model(), simulated, LatencyBuckets.of(latency)), 1L,
                    Long::sum);
        }
    }

    void flush() throws SQLException {
        for (Map.Entry<HourKey, long[]> entry : hours.entrySet()) {
            HourKey key = entry.getKey();
            addHour.setLong(1, key.hour());
            addHour.setString(2, key.tenant());
            addHour.setString(3, key.route());
            addHour.setString(4, key.model());
            addHour.setString(5, key.vendor());
            addHour.setString(6, key.role().name());
            addHour.setInt(7, key.simulated() ? 1 : 0);
            addHour.setString(8, key.currency());
            for (int i = 0; i < MEASURES; i++) {
                addHour.setLong(9 + i, entry.getValue()[i]);
            }
            addHour.executeUpdate();
        }
        for (Map.Entry<LatencyKey, Long> entry : latencies.entrySet()) {
            addLatency.setLong(1, entry.getKey().hour());
            addLatency.setString(2, entry.getKey().model());
            addLatency.setInt(3, entry.getKey().simulated() ? 1 : 0);
            addLatency.setInt(4, entry.getKey().bucket());
            addLatency.setLong(5, entry.getValue());
            addLatency.executeUpdate();
        }
        discard();
    }

    void discard() {
        hours.clear();
        latencies.clear();
    }

    @Override
    public void close() throws SQLException {
        addHour.close();
        addLatency.close();
    }

    private static long[] measures(AttemptWriter.Closing it, AttemptRole role, int attemptNo) {
        Money total = it.cost().total();
        Money other = it.baseline() == null ? null : it.baseline().total();
        long cost = total == null ? 0 : Picos.of(total.amount());
        long baseline = other == null ? 0 : Picos.of(other.amount());
        boolean compared = other != null;
        AttemptState state = it.state();
        return new long[]{1, one(attemptNo == 1), one(state == AttemptState.SETTLED && role.answersCaller()),
                one(state == AttemptState.ABORTED && role.answersCaller()), one(state == AttemptState.SETTLED),
                one(state == AttemptState.ABORTED), one(state == AttemptState.FAILED),
                one(state == AttemptState.EXPIRED),
                one(total == null), one(it.estimated()), it.inputTokens(), it.cacheReadTokens(),
                it.outputTokens(), cost, it.estimated() ? cost : 0, baseline, compared ? cost : 0,
                one(state == AttemptState.FAILED && role.answersCaller() && refusal(it.httpStatus()))};
    }

    /** Whether a status says that the request is wrong; a vendor who is busy or too slow says another thing. */
    private static boolean refusal(@Nullable Integer status) {
        return status != null && status >= 400 && status < 500 && status != 408 && status != 429;
    }

    private static long one(boolean condition) {
        return condition ? 1 : 0;
    }

    private record HourKey(long hour, String tenant, String route, String model, String vendor, AttemptRole role,
            boolean simulated, String currency) {}

    private record LatencyKey(long hour, String model, boolean simulated, int bucket) {}
}
