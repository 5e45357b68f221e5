package dev.pareto.dashboards.report;

import dev.pareto.dashboards.ledger.AttemptRole;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Computes the hourly sums anew from the rows and compares them with what was kept. Reads every row; blocks. */
public final class RollupCheck {

    private static final int SHOWN = 20;

    private static final String KEPT = """
                                       SELECT hour_us, tenant, route, model, vendor, role, simulated, currency, attempts, requests, answered, caller_left,
                                         settled, aborted, failed, expired, unpriced, estimated, input_tokens, cache_read_tokens, output_tokens,
                                         cost_pico, estimated_pico, baseline_pico, compared_pico, refused
                                       FROM rollup_hour""";

    private static final String REBUILT = """
                                          SELECT (started_us / 3600000000) * 3600000000, tenant, route, model, vendor, role, simulated,
                                            COALESCE(currency, ''), COUNT(*), SUM(CASE WHEN attempt_no = 1 THEN 1 ELSE 0 END),
                                            SUM(CASE WHEN state = 'SETTLED' AND role IN (%1$s) THEN 1 ELSE 0 END),
                                            SUM(CASE WHEN state = 'ABORTED' AND role IN (%1$s) THEN 1 ELSE 0 END),
                                            SUM(CASE WHEN state = 'SETTLED' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'ABORTED' THEN 1 ELSE 0 END),
                                            SUM(CASE WHEN state = 'FAILED' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'EXPIRED' THEN 1 ELSE 0 END),
                                            SUM(CASE WHEN cost_pico IS NULL THEN 1 ELSE 0 END), SUM(estimated), SUM(input_tokens),
                                            SUM(cache_read_tokens), SUM(output_tokens), SUM(COALESCE(cost_pico, 0)),
                                            SUM(CASE WHEN estimated = 1 THEN COALESCE(cost_pico, 0) ELSE 0 END), SUM(COALESCE(baseline_pico, 0)),
                                            SUM(CASE WHEN baseline_pico IS NULL THEN 0 ELSE COALESCE(cost_pico, 0) END),
                                            SUM(CASE WHEN state = 'FAILED' AND role IN (%1$s) AND http_status BETWEEN 400 AND 499
                                              AND http_status NOT IN (408, 429) THEN 1 ELSE 0 END)
                                          FROM attempt WHERE state <> 'OPEN' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"""
            .formatted(
                    Arrays.stream(AttemptRole.values())
                            .filter(AttemptRole::answersCaller)
                            .map(role -> "'" + role.name() + "'")
                            .collect(Collectors.joining(", ")));

    /** Rows whose lines do not add up to their cost; lines without a price make the whole cost unknown. */
    private static final String LINES = """
                                        SELECT a.attempt_id, a.cost_pico, SUM(l.cost_pico) AS lines_pico FROM attempt a
                                        LEFT JOIN charge_line l ON l.attempt_id = a.attempt_id
                                        WHERE a.cost_pico IS NOT NULL GROUP BY a.attempt_id, a.cost_pico
                                        HAVING COALESCE(SUM(l.cost_pico), 0) <> a.cost_pico LIMIT 20""";

    private final JdbcClient reads;

    public RollupCheck(JdbcClient reads) {
        this.reads = reads;
    }

    /** What differs; at most 20 rows of each kind. */
    public Differences compare() {
        return new Differences(shown(KEPT + " EXCEPT " + REBUILT), shown(REBUILT + " EXCEPT " + KEPT),
                reads.sql(LINES).query().listOfRows());
    }

    private List<Map<String, @Nullable Object>> shown(String sql) {
        return reads.sql("SELECT * FROM (" + sql + ") AS differing LIMIT " + SHOWN).query().listOfRows();
    }

    /**
     * The outcome.
     *
     * @param onlyKept hourly sums that the rows do not bear out
     * @param onlyRebuilt hourly sums that the rows give and that were not kept so
     * @param lines attempts whose charge lines do not add up to their cost
     */
    public record Differences(List<Map<String, @Nullable Object>> onlyKept,
            List<Map<String, @Nullable Object>> onlyRebuilt,
            List<Map<String, @Nullable Object>> lines) {

        /** Whether every sum is borne out by the rows. */
        public boolean none() {
            return onlyKept.isEmpty() && onlyRebuilt.isEmpty() && lines.isEmpty();
        }
    }
}
