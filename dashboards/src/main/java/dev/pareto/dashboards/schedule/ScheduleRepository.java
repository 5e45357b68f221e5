package dev.pareto.dashboards.schedule;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Store;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is sent by itself. Several gateways may share it: a report that is due is claimed by one. Blocks. */
public final class ScheduleRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;

    public ScheduleRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    /** A try to send one. */
    public record Delivery(String scheduleId, Instant at, boolean sent, String detail) {}

    public void add(ReportSchedule it) {
        writes.sql(
                """
                INSERT INTO report_schedule (id, name, report, cadence, hour, webhook, created_by, created_us, next_us, tries)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .param(it.id())
                .param(it.name())
                .param(it.report())
                .param(it.cadence().name())
                .param(it.hour())
                .param(it.to().toString())
                .param(it.createdBy())
                .param(Micros.of(it.createdAt()))
                .param(microsOrNull(it.next()))
                .param(it.tries())
                .update();
    }

    /** All, also those that were stopped; by name. */
    public List<ReportSchedule> all() {
        return reads.sql("SELECT * FROM report_schedule ORDER BY name, id").query((row, number) -> read(row)).list();
    }

    public Optional<ReportSchedule> find(String id) {
        return reads.sql("SELECT * FROM report_schedule WHERE id = ?")
                .param(id)
                .query((row, number) -> read(row))
                .optional();
    }

    public List<ReportSchedule> due(Instant now) {
        return reads.sql("SELECT * FROM report_schedule WHERE next_us <= ? ORDER BY next_us")
                .param(Micros.of(now))
                .query((row, number) -> read(row))
                .list();
    }

    /**
     * Moves it to another moment, if nobody else did since it was read.
     *
     * @param next null to stop it
     */
    public boolean move(ReportSchedule it, @Nullable Instant next, int tries) {
        Instant before = it.next();
        String same = before == null ? "next_us IS NULL" : "next_us = " + Micros.of(before);
        return writes.sql("UPDATE report_schedule SET next_us = ?, tries = ? WHERE id = ? AND " + same)
                .param(microsOrNull(next))
                .param(tries)
                .param(it.id())
                .update() == 1;
    }

    public void record(Delivery delivery) {
        writes.sql("""
                   INSERT INTO report_delivery (schedule_id, tried_us, sent, detail) VALUES (?, ?, ?, ?)
                   ON CONFLICT (schedule_id, tried_us) DO NOTHING""")
                .params(delivery.scheduleId(), Micros.of(delivery.at()), delivery.sent() ? 1 : 0, delivery.detail())
                .update();
    }

    /** The newest tries, of all. */
    public List<Delivery> deliveries(int limit) {
        return reads.sql("SELECT * FROM report_delivery ORDER BY tried_us DESC LIMIT ?")
                .param(limit)
                .query((row, number) -> new Delivery(row.getString("schedule_id"),
                        Micros.toInstant(row.getLong("tried_us")), row.getInt("sent") == 1, row.getString("detail")))
                .list();
    }

    private static @Nullable Long microsOrNull(@Nullable Instant moment) {
        return moment == null ? null : (Long) Micros.of(moment);
    }

    private static ReportSchedule read(ResultSet row) throws SQLException {
        long next = row.getLong("next_us");
        Instant moment = row.wasNull() ? null : Micros.toInstant(next);
        return new ReportSchedule(row.getString("id"), row.getString("name"), row.getString("report"),
                Cadence.valueOf(row.getString("cadence")), row.getInt("hour"), URI.create(row.getString("webhook")),
                row.getString("created_by"), Micros.toInstant(row.getLong("created_us")), moment, row.getInt("tries"));
    }
}
