package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.policies.experiment.Exposure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One statement of PostgreSQL's for all tables, a transaction by itself: one way to the server and back, where a statement for each
 * table takes one for each of them and one for the commit.
 */
final class OpeningStatement implements OpeningWriter {

    private static final String OPEN = """
                                       WITH it (attempt_id, request_id, attempt_no, role, started_us, deadline_us, tenant, tags, route,
                                         requested_model, requested_tier, model, vendor, simulated, currency, reserved_pico, replica,
                                         decision, experiment, run, arm, before, unit, ask, delivered, down)
                                         AS (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)),
                                       asked AS (
                                         INSERT INTO request (request_id, received_us, tenant, tags, route, requested_model, requested_tier,
                                           simulated)
                                         SELECT request_id, started_us, tenant, tags, route, requested_model, requested_tier, simulated FROM it
                                         ON CONFLICT (request_id) DO NOTHING),
                                       decided AS (
                                         INSERT INTO decision (request_id, decided_us, json)
                                         SELECT request_id, started_us, decision FROM it WHERE decision IS NOT NULL
                                         ON CONFLICT (request_id) DO UPDATE SET json = excluded.json),
                                       exposed AS (
                                         INSERT INTO exposure (request_id, experiment, run, arm, before, unit, ask, at_us, delivered, down)
                                         SELECT request_id, experiment, run, arm, before, unit, ask, started_us, delivered, down FROM it
                                         WHERE experiment IS NOT NULL
                                         ON CONFLICT (request_id) DO NOTHING)
                                       INSERT INTO attempt (attempt_id, request_id, attempt_no, role, state, started_us, deadline_us, tenant,
                                         tags, route, requested_model, requested_tier, model, vendor, simulated, currency, reserved_pico,
                                         replica)
                                       SELECT attempt_id, request_id, attempt_no, role, 'OPEN', started_us, deadline_us, tenant, tags, route,
                                         requested_model, requested_tier, model, vendor, simulated, currency, reserved_pico, replica FROM it
                                       ON CONFLICT (attempt_id) DO NOTHING""";

    private final String replica;
    private final PreparedStatement open;
    private boolean gathered;

    OpeningStatement(Connection connection, String replica) throws SQLException {
        this.replica = replica;
        open = connection.prepareStatement(OPEN);
    }

    @Override
    public void add(OpenAttempt attempt) throws SQLException {
        gathered = true;
        Bind row = new Bind(open).text(attempt.attemptId().toString())
                .text(attempt.requestId().toString())
                .number(attempt.attemptNo())
                .text(attempt.role().name())
                .number(Micros.of(attempt.startedAt()))
                .number(Micros.of(attempt.deadline()))
                .text(attempt.tenant())
                .text(attempt.tags().isEmpty() ? "{}" : JsonMapper.shared().writeValueAsString(attempt.tags()))
                .text(attempt.route())
                .text(attempt.requestedModel())
                .text(attempt.requestedTier())
                .text(attempt.model().toString())
                .text(attempt.vendor())
                .flag(attempt.simulated())
                .text(attempt.reserved() == null ? null : attempt.reserved().currency())
                .amount(attempt.reserved())
                .text(replica)
                .text(attempt.decisionJson());
        expose(row, attempt.exposure());
        row.batch();
    }

    private static void expose(Bind row, @Nullable Exposure part) throws SQLException {
        row.text(part == null ? null : part.experiment())
                .number(part == null ? null : (Integer) part.run())
                .text(part == null ? null : part.arm())
                .number(part == null ? null : flag(part.before()))
                .number(part == null ? null : (Number) part.unit())
                .number(part == null ? null : (Number) part.ask())
                .number(part == null ? null : flag(part.delivered()))
                .number(part == null ? null : flag(part.down()));
    }

    private static Integer flag(boolean value) {
        return value ? 1 : 0;
    }

    @Override
    public void flush() throws SQLException {
        if (gathered) {
            open.executeBatch();
            gathered = false;
        }
    }

    @Override
    public void discard() throws SQLException {
        open.clearBatch();
        gathered = false;
    }

    @Override
    public void close() throws SQLException {
        open.close();
    }
}
