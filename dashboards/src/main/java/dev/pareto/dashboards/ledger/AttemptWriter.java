package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.experiment.Exposure;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The ledger's SQL on one connection, inside the caller's transaction. Used by one thread at a time. */
final class AttemptWriter implements AutoCloseable {

    private static final String OPEN = """
                                       INSERT INTO attempt (attempt_id, request_id, attempt_no, role, state, started_us, deadline_us, tenant, tags,
                                         route, requested_model, model, vendor, simulated, currency, reserved_pico)
                                       VALUES (?, ?, ?, ?, 'OPEN', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (attempt_id) DO NOTHING""";

    private static final String DECISION = """
                                           INSERT INTO decision (request_id, decided_us, json) VALUES (?, ?, ?) ON CONFLICT (request_id) DO UPDATE SET json = excluded.json""";

    private static final String DECIDED = """
                                          UPDATE decision SET json = ? WHERE request_id = (SELECT request_id FROM attempt WHERE attempt_id = ?)""";

    private static final String EXPOSURE = """
                                           INSERT INTO exposure (request_id, experiment, run, arm, before, unit, ask, at_us, delivered, down)
                                           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING""";

    private static final String CLOSE = """
                                        UPDATE attempt SET state = ?, first_byte_us = ?, ended_us = ?, served_model = ?, currency = COALESCE(?, currency),
                                          cost_pico = ?, baseline_pico = ?, price_status = ?, price_version = ?, baseline_price_version = ?,
                                          usage_source = ?, estimated = ?, input_tokens = ?, cache_read_tokens = ?, output_tokens = ?, usage_raw = ?,
                                          http_status = ?, finish_reason = ?, error_code = ?, role = COALESCE(?, role)
                                        WHERE attempt_id = ? AND state = 'OPEN'
                                        RETURNING started_us, tenant, route, model, vendor, role, simulated, currency, attempt_no""";

    private static final String LINE = """
                                       INSERT INTO charge_line (attempt_id, line_no, bucket, quantity, unit_price, per, cost_pico)
                                       VALUES (?, ?, ?, ?, ?, ?, ?)""";

    private static final String EXISTS = "SELECT 1 FROM attempt WHERE attempt_id = ?";

    private static final String OVERDUE = """
                                          SELECT attempt_id, currency, reserved_pico FROM attempt
                                          WHERE state = 'OPEN' AND deadline_us < ? ORDER BY deadline_us LIMIT ?""";

    private static final String RESERVATION_BUCKET = "reservation";

    private final ObjectMapper json = JsonMapper.shared();
    private final PreparedStatement open;
    private final PreparedStatement decision;
    private final PreparedStatement decided;
    private final PreparedStatement exposure;
    private final PreparedStatement close;
    private final PreparedStatement line;
    private final PreparedStatement exists;
    private final PreparedStatement overdue;
    private final RollupWriter rollups;

    AttemptWriter(Connection connection) throws SQLException {
        open = connection.prepareStatement(OPEN);
        decision = connection.prepareStatement(DECISION);
        decided = connection.prepareStatement(DECIDED);
        exposure = connection.prepareStatement(EXPOSURE);
        close = connection.prepareStatement(CLOSE);
        line = connection.prepareStatement(LINE);
        exists = connection.prepareStatement(EXISTS);
        overdue = connection.prepareStatement(OVERDUE);
        rollups = new RollupWriter(connection);
    }

    void open(OpenAttempt attempt) throws SQLException {
        long startedAt = Micros.of(attempt.startedAt());
        Row row = new Row(open).text(attempt.attemptId().toString())
                .text(attempt.requestId().toString())
                .number(attempt.attemptNo())
                .text(attempt.role().name())
                .number(startedAt)
                .number(Micros.of(attempt.deadline()))
                .text(attempt.tenant())
                .text(attempt.tags().isEmpty() ? "{}" : json.writeValueAsString(attempt.tags()))
                .text(attempt.route())
                .text(attempt.requestedModel())
                .text(attempt.model().toString())
                .text(attempt.vendor())
                .number(attempt.simulated() ? 1 : 0)
                .text(attempt.reserved() == null ? null : attempt.reserved().currency())
                .amount(attempt.reserved());
        row.write();
        if (attempt.decisionJson() != null) {
            new Row(decision).text(attempt.requestId().toString())
                    .number(startedAt)
                    .text(attempt.decisionJson())
                    .write();
        }
        Exposure part = attempt.exposure();
        if (part != null) {
            new Row(exposure).text(attempt.requestId().toString())
                    .text(part.experiment())
                    .number(part.run())
                    .text(part.arm())
                    .number(part.before() ? 1 : 0)
                    .number(part.unit())
                    .number(part.ask())
                    .number(startedAt)
                    .number(part.delivered() ? 1 : 0)
                    .number(part.down() ? 1 : 0)
                    .write();
        }
    }

    /** False when the row was closed before. */
    boolean settle(Settlement settlement) throws SQLException {
        Usage usage = settlement.usage();
        Cost cost = settlement.cost();
        Cost baseline = comparable(settlement.baseline(), cost);
        boolean closed = close(
                new Closing(settlement.attemptId().toString(), settlement.state(), settlement.firstByteAt(),
                        settlement.endedAt(), settlement.servedModel(), cost,
                        baseline, settlement.usageSource(), estimated(settlement.usageSource()),
                        usage == null ? 0 : usage.promptTokens(), usage == null ? 0 : cacheReads(usage),
                        usage == null ? 0 : usage.outputTokens(), settlement.usageRaw(), settlement.httpStatus(),
                        settlement.finishReason(), settlement.errorCode(), settlement.role()));
        if (!closed) {
            requireKnown(settlement.attemptId());
        } else if (settlement.decisionJson() != null) {
            new Row(decided).text(settlement.decisionJson()).text(settlement.attemptId().toString()).write();
        }
        return closed;
    }

    /** Expires at most {@code limit} rows that were due before {@code now}; returns how many. */
    int expire(Instant now, long dueBefore, int limit, String errorCode) throws SQLException {
        List<Closing> due = new ArrayList<>();
        overdue.setLong(1, dueBefore);
        overdue.setInt(2, limit);
        try (ResultSet rows = overdue.executeQuery()) {
            while (rows.next()) {
                String currency = rows.getString(2);
                long reserved = rows.getLong(3);
                Money total = rows.wasNull() || currency == null ? null : new Money(Picos.toAmount(reserved), currency);
                due.add(Closing.expired(rows.getString(1), now, reservation(total), errorCode));
            }
        }
        for (Closing row : due) {
            close(row);
        }
        return due.size();
    }

    /** Writes the sums of everything that was closed in this transaction; call before the commit. */
    void flushRollups() throws SQLException {
        rollups.flush();
    }

    /** Forgets the sums of a transaction that was rolled back. */
    void discardRollups() {
        rollups.discard();
    }

    private boolean close(Closing it) throws SQLException {
        Money total = it.cost().total();
        Row row = new Row(close).text(it.state().name())
                .instant(it.firstByteAt())
                .instant(it.endedAt())
                .text(it.servedModel())
                .text(total == null ? null : total.currency())
                .amount(total)
                .amount(it.baseline() == null ? null : it.baseline().total())
                .text(it.cost().status().name())
                .text(it.cost().priceVersion())
                .text(it.baseline() == null ? null : it.baseline().priceVersion())
                .text(it.usageSource().name())
                .number(it.estimated() ? 1 : 0)
                .number(it.inputTokens())
                .number(it.cacheReadTokens())
                .number(it.outputTokens())
                .text(it.usageRaw())
                .number(it.httpStatus())
                .text(it.finishReason())
                .text(it.errorCode())
                .text(it.role() == null ? null : it.role().name())
                .text(it.attemptId());
        try (ResultSet opened = row.query()) {
            if (!opened.next()) {
                return false;
            }
            rollups.add(opened, it);
        }
        writeLines(it);
        return true;
    }

    private void writeLines(Closing it) throws SQLException {
        int number = 1;
        for (ChargeLine charge : it.cost().lines()) {
            new Row(line).text(it.attemptId())
                    .number(number++)
                    .text(charge.bucket())
                    .decimal(charge.quantity())
                    .decimal(charge.unitPrice())
                    .decimal(charge.per())
                    .number(charge.cost() == null ? null : (Long) Picos.of(charge.cost()))
                    .write();
        }
    }

    private void requireKnown(UUID attemptId) throws SQLException {
        exists.setString(1, attemptId.toString());
        try (ResultSet row = exists.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("attempt " + attemptId + " was settled but never opened");
            }
        }
    }

    /** Amounts of two currencies cannot be compared; such a baseline is left out. */
    private static @Nullable Cost comparable(@Nullable Cost baseline, Cost cost) {
        if (baseline == null || baseline.total() == null || cost.total() == null) {
            return null;
        }
        return baseline.total().currency().equals(cost.total().currency()) ? baseline : null;
    }

    private static boolean estimated(UsageSource source) {
        return source == UsageSource.ESTIMATED || source == UsageSource.ESTIMATED_PARTIAL;
    }

    private static long cacheReads(Usage usage) {
        return usage.quantities()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().startsWith("cache_read"))
                .map(java.util.Map.Entry::getValue)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .longValue();
    }

    private static Cost reservation(@Nullable Money total) {
        return total == null
                ? new Cost(List.of(), null, PriceStatus.MISSING, null)
                : new Cost(List.of(new ChargeLine(RESERVATION_BUCKET, BigDecimal.ONE, total.amount(), BigDecimal.ONE,
                        total.amount())), total, PriceStatus.PRICED, null);
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : List.of(open, decision, decided, exposure, close, line, exists, overdue)) {
            statement.close();
        }
        rollups.close();
    }

    /** What closes a row, whoever closes it. */
    record Closing(String attemptId, AttemptState state, @Nullable Instant firstByteAt, Instant endedAt,
            @Nullable String servedModel, Cost cost, @Nullable Cost baseline, UsageSource usageSource,
            boolean estimated,
            long inputTokens, long cacheReadTokens, long outputTokens, @Nullable String usageRaw,
            @Nullable Integer httpStatus, @Nullable String finishReason, @Nullable String errorCode,
            @Nullable AttemptRole role) {

        static Closing expired(String attemptId, Instant now, Cost cost, String errorCode) {
            return new Closing(attemptId, AttemptState.EXPIRED, null, now, null, cost, null, UsageSource.ESTIMATED,
                    true, 0,
                    0, 0, null, null, null, errorCode, null);
        }
    }

    /** Binds the parameters of a statement in order. */
    private static final class Row {
        private final PreparedStatement statement;
        private int index;

        Row(PreparedStatement statement) {
            this.statement = statement;
        }

        Row text(@Nullable String value) throws SQLException {
            statement.setString(++index, value);
            return this;
        }

        Row number(long value) throws SQLException {
            statement.setLong(++index, value);
            return this;
        }

        Row number(@Nullable Number value) throws SQLException {
            if (value == null) {
                statement.setNull(++index, Types.INTEGER);
            } else {
                statement.setLong(++index, value.longValue());
            }
            return this;
        }

        Row instant(@Nullable Instant value) throws SQLException {
            return number(value == null ? null : (Long) Micros.of(value));
        }

        Row amount(@Nullable Money value) throws SQLException {
            return number(value == null ? null : (Long) Picos.of(value.amount()));
        }

        Row decimal(@Nullable BigDecimal value) throws SQLException {
            return text(value == null ? null : Money.plain(value));
        }

        void write() throws SQLException {
            statement.executeUpdate();
        }

        ResultSet query() throws SQLException {
            return statement.executeQuery();
        }
    }
}
