package dev.pareto.dashboards.closing;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Store;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What was let pass for a month. Blocks. */
final class WaiverRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;

    WaiverRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    Map<String, MonthCheck.Waiver> of(YearMonth month) {
        Map<String, MonthCheck.Waiver> waivers = new HashMap<>();
        reads.sql("SELECT subject, reason, waived_by FROM month_waiver WHERE month = ?")
                .param(month.toString())
                .query(row -> {
                    waivers.put(row.getString(1), new MonthCheck.Waiver(row.getString(2), row.getString(3)));
                });
        return waivers;
    }

    void add(YearMonth month, String subject, String reason, String by, Instant now) {
        writes.sql("""
                   INSERT INTO month_waiver (month, subject, reason, waived_by, waived_us) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT (month, subject) DO UPDATE SET reason = excluded.reason, waived_by = excluded.waived_by,
                     waived_us = excluded.waived_us""")
                .params(month.toString(), subject, reason, by, Micros.of(now))
                .update();
    }
}
