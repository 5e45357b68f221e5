package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.policies.experiment.Exposure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** A statement for each table, inside the caller's transaction: many openings share each of them. */
final class OpeningRows implements OpeningWriter {

    private static final String OPEN = """
                                       INSERT INTO attempt (attempt_id, request_id, attempt_no, role, state, started_us, deadline_us, tenant, tags,
                                         route, requested_model, requested_tier, model, vendor, simulated, currency, reserved_pico, replica)
                                       VALUES (?, ?, ?, ?, 'OPEN', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (attempt_id) DO NOTHING""";

    private static final String REQUEST = """
                                          INSERT INTO request (request_id, received_us, tenant, tags, route, requested_model, requested_tier, simulated)
                                          VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING""";

    private static final String DECISION = """
                                           INSERT INTO decision (request_id, decided_us, json) VALUES (?, ?, ?) ON CONFLICT (request_id) DO UPDATE SET json = excluded.json""";

    private static final String EXPOSURE = """
                                           INSERT INTO exposure (request_id, experiment, run, arm, before, unit, ask, at_us, delivered, down)
                                           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING""";

    private final String replica;
    private final PreparedStatement open;
    private final PreparedStatement request;
    private final PreparedStatement decision;
    private final PreparedStatement exposure;
    private boolean gathered;

    OpeningRows(Connection connection, String replica) throws SQLException {
        this.replica = replica;
        open = connection.prepareStatement(OPEN);
        request = connection.prepareStatement(REQUEST);
        decision = connection.prepareStatement(DECISION);
        exposure = connection.prepareStatement(EXPOSURE);
    }

    @Override
    public void add(OpenAttempt attempt) throws SQLException {
        gathered = true;
        long startedAt = Micros.of(attempt.startedAt());
        String tags = attempt.tags().isEmpty() ? "{}" : JsonMapper.shared().writeValueAsString(attempt.tags());
        new Bind(open).text(attempt.attemptId().toString())
                .text(attempt.requestId().toString())
                .number(attempt.attemptNo())
                .text(attempt.role().name())
                .number(startedAt)
                .number(Micros.of(attempt.deadline()))
                .text(attempt.tenant())
                .text(tags)
                .text(attempt.route())
                .text(attempt.requestedModel())
                .text(attempt.requestedTier())
                .text(attempt.model().toString())
                .text(attempt.vendor())
                .flag(attempt.simulated())
                .text(attempt.reserved() == null ? null : attempt.reserved().currency())
                .amount(attempt.reserved())
                .text(replica)
                .batch();
        new Bind(request).text(attempt.requestId().toString())
                .number(startedAt)
                .text(attempt.tenant())
                .text(tags)
                .text(attempt.route())
                .text(attempt.requestedModel())
                .text(attempt.requestedTier())
                .flag(attempt.simulated())
                .batch();
        if (attempt.decisionJson() != null) {
            new Bind(decision).text(attempt.requestId().toString())
                    .number(startedAt)
                    .text(attempt.decisionJson())
                    .batch();
        }
        if (attempt.exposure() != null) {
            expose(attempt.requestId(), startedAt, attempt.exposure());
        }
    }

    private void expose(UUID requestId, long startedAt, Exposure part) throws SQLException {
        new Bind(exposure).text(requestId.toString())
                .text(part.experiment())
                .number(part.run())
                .text(part.arm())
                .flag(part.before())
                .number(part.unit())
                .number(part.ask())
                .number(startedAt)
                .flag(part.delivered())
                .flag(part.down())
                .batch();
    }

    @Override
    public void flush() throws SQLException {
        if (gathered) {
            open.executeBatch();
            request.executeBatch();
            decision.executeBatch();
            exposure.executeBatch();
            gathered = false;
        }
    }

    @Override
    public void discard() throws SQLException {
        for (PreparedStatement statement : List.of(open, request, decision, exposure)) {
            statement.clearBatch();
        }
        gathered = false;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : List.of(open, request, decision, exposure)) {
            statement.close();
        }
    }
}
