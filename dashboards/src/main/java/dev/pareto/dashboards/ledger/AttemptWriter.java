package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.Canonical;
import dev.pareto.dashboards.chain.Chain;
import dev.pareto.dashboards.chain.EntryKind;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Opens and closes attempts on one connection, inside the caller's transaction. Used by one thread at a time. */
final class AttemptWriter implements AutoCloseable {

    private static final String DECIDED = """
                                          UPDATE decision SET json = ? WHERE request_id = (SELECT request_id FROM attempt WHERE attempt_id = ?)""";

    private static final String CLOSE = """
                                        UPDATE attempt SET state = ?, first_byte_us = ?, ended_us = ?, served_model = ?, served_tier = ?, region = ?,
                                          currency = COALESCE(?, currency), cost_pico = ?, list_pico = ?, contract_pico = ?, reported_pico = ?,
                                          reported_currency = ?, cost_source = ?, baseline_pico = ?, price_status = ?, price_version = ?,
                                          list_price_version = ?, baseline_price_version = ?, usage_source = ?, estimated = ?, inconsistent = ?,
                                          input_tokens = ?, cache_read_tokens = ?, cache_write_tokens = ?, output_tokens = ?, reasoning_tokens = ?,
                                          usage_raw = ?, normaliser = ?, http_status = ?, finish_reason = ?, error_code = ?,
                                          role = COALESCE(?, role)
                                        WHERE attempt_id = ? AND state = 'OPEN' RETURNING *""";

    private static final String EXISTS = "SELECT 1 FROM attempt WHERE attempt_id = ?";

    private static final String OVERDUE = """
                                          SELECT attempt_id, currency, reserved_pico FROM attempt
                                          WHERE state = 'OPEN' AND deadline_us < ? AND (replica = ? OR ? = 0)
                                          ORDER BY deadline_us LIMIT ?""";

    private static final String UNSEALED = """
                                           SELECT a.* FROM unsealed u JOIN attempt a ON a.attempt_id = u.attempt_id
                                           ORDER BY u.attempt_id LIMIT ?""";

    private static final String UNSEALED_LINES = """
                                                 SELECT * FROM charge_line WHERE attempt_id = ? ORDER BY line_no""";

    private static final String SEAL = "DELETE FROM unsealed WHERE attempt_id = ?";

    private final OpeningWriter openings;
    private final PreparedStatement decided;
    private final PreparedStatement close;
    private final PreparedStatement exists;
    private final PreparedStatement overdue;
    private final PreparedStatement unsealed;
    private final PreparedStatement unsealedLines;
    private final PreparedStatement seal;
    private final Lines lines;
    private final RollupWriter rollups;
    private final Chain chain;

    AttemptWriter(Connection connection, Chain chain, OpeningWriter openings) throws SQLException {
        this.chain = chain;
        this.openings = openings;
        decided = connection.prepareStatement(DECIDED);
        close = connection.prepareStatement(CLOSE);
        exists = connection.prepareStatement(EXISTS);
        overdue = connection.prepareStatement(OVERDUE);
        unsealed = connection.prepareStatement(UNSEALED);
        unsealedLines = connection.prepareStatement(UNSEALED_LINES);
        seal = connection.prepareStatement(SEAL);
        lines = new Lines(connection);
        rollups = new RollupWriter(connection, chain.replica());
    }

    void open(OpenAttempt attempt) throws SQLException {
        openings.add(attempt);
    }

    /** False when the row was closed before. */
    boolean settle(Settlement settlement) throws SQLException {
        openings.flush();
        boolean closed = close(Closing.of(settlement));
        if (!closed) {
            requireKnown(settlement.attemptId());
        } else if (settlement.decisionJson() != null) {
            new Bind(decided).text(settlement.decisionJson()).text(settlement.attemptId().toString()).write();
        }
        return closed;
    }

    /**
     * Expires at most {@code limit} rows that were due before {@code dueBefore}; returns how many.
     *
     * @param own only those that this replica opened
     */
    int expire(Instant now, long dueBefore, boolean own, int limit, String errorCode) throws SQLException {
        openings.flush();
        List<Closing> due = new ArrayList<>();
        try (ResultSet rows = new Bind(overdue).number(dueBefore)
                .text(chain.replica())
                .flag(own)
                .number(limit)
                .query()) {
            while (rows.next()) {
                String currency = rows.getString(2);
                long reserved = rows.getLong(3);
                Money total = rows.wasNull() || currency == null ? null : new Money(Picos.toAmount(reserved), currency);
                due.add(Closing.expired(rows.getString(1), now, Booked.reservation(total), errorCode));
            }
        }
        int expired = 0;
        for (Closing row : due) {
            expired += close(row) ? 1 : 0;
        }
        return expired;
    }

    /** Adds at most {@code limit} rows that were closed before there was a chain; returns how many. */
    int seal(int limit) throws SQLException {
        int sealed = 0;
        try (ResultSet row = new Bind(unsealed).number(limit).query()) {
            while (row.next()) {
                String id = row.getString("attempt_id");
                chain.append(EntryKind.ATTEMPT, id, text -> {
                    text.row(EntryKind.ATTEMPT, row);
                    try (ResultSet line = new Bind(unsealedLines).text(id).query()) {
                        while (line.next()) {
                            text.line(line);
                        }
                    }
                });
                new Bind(seal).text(id).batch();
                sealed++;
            }
        }
        seal.executeBatch();
        return sealed;
    }

    /** Writes the sums of everything that was closed in this transaction; call before the commit. */
    void flush() throws SQLException {
        openings.flush();
        lines.flush();
        rollups.flush();
    }

    /** Forgets what belongs to a transaction that was rolled back. */
    void discard() throws SQLException {
        openings.discard();
        seal.clearBatch();
        lines.discard();
        rollups.discard();
    }

    private boolean close(Closing it) throws SQLException {
        Booked booked = it.booked();
        Closing.Counts counts = it.counts();
        Cost baseline = it.baseline();
        Bind row = new Bind(close).text(it.state().name())
                .instant(it.firstByteAt())
                .instant(it.endedAt())
                .text(it.servedModel())
                .text(it.service().servedTier())
                .text(it.service().region())
                .text(booked.billed() == null ? null : booked.billed().currency())
                .amount(booked.billed())
                .amount(booked.list())
                .amount(booked.contracted())
                .amount(booked.reported())
                .text(booked.reported() == null ? null : booked.reported().currency())
                .text(booked.source())
                .amount(baseline == null ? null : baseline.total())
                .text(booked.billed() == null ? "MISSING" : "PRICED")
                .text(booked.priceVersion())
                .text(booked.listPriceVersion())
                .text(baseline == null ? null : baseline.priceVersion())
                .text(it.usageSource().name())
                .flag(it.estimated())
                .flag(counts.inconsistent())
                .number(counts.input())
                .number(counts.cacheRead())
                .number(counts.cacheWrite())
                .number(counts.output())
                .number(counts.reasoning())
                .text(it.usageRaw())
                .number(counts.normaliser())
                .number(it.httpStatus())
                .text(it.finishReason())
                .text(it.errorCode())
                .text(it.role() == null ? null : it.role().name())
                .text(it.attemptId());
        try (ResultSet closed = row.query()) {
            if (!closed.next()) {
                return false;
            }
            rollups.add(closed, it);
            chain.append(EntryKind.ATTEMPT, it.attemptId(), text -> book(it, closed, text));
        }
        return true;
    }

    private void book(Closing it, ResultSet closed, Canonical text) throws SQLException {
        text.row(EntryKind.ATTEMPT, closed);
        lines.write(it.attemptId(), it.booked().lines(), text);
        Cost baseline = it.otherBaseline();
        if (baseline != null) {
            lines.writeBaseline(it.attemptId(), baseline, text);
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

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : List.of(decided, close, exists, overdue, unsealed, unsealedLines, seal)) {
            statement.close();
        }
        openings.close();
        lines.close();
        rollups.close();
    }
}
