package dev.pareto.dashboards.schedule;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A report that is sent by itself.
 *
 * @param report the admin port's address of it, e.g. {@code /api/ledger/focus?period=last-month&format=csv}; what a page's export links to
 * @param hour of the UTC day, 0 to 23
 * @param webhook where it is posted
 * @param next when; null when it was stopped
 * @param tries that failed since it was last sent
 */
public record ReportSchedule(String id, String name, String report, Cadence cadence, int hour, URI webhook,
        String createdBy, Instant createdAt, @Nullable Instant next, int tries) {

    private static final Pattern REPORT = Pattern.compile("/api/[\\w./?&=%~:+,-]{1,500}");

    public ReportSchedule {
        requireNonNull(cadence, "cadence is null");
        if (name.isBlank() || name.length() > 80 || createdBy.isBlank()) {
            throw new IllegalArgumentException("a schedule has a name of at most 80 letters, and one who made it");
        }
        if (!REPORT.matcher(report).matches() || report.contains("..")) {
            throw new IllegalArgumentException(
                    "report is an address of this admin port such as /api/ledger/focus?period=last-month&format=csv, not '"
                            + report
                            + "'");
        }
        if (hour < 0 || hour > 23) {
            throw new IllegalArgumentException("hour is 0 to 23 (UTC), not " + hour);
        }
        if (webhook.getHost() == null || !("https".equals(webhook.getScheme()) || "http".equals(webhook.getScheme()))) {
            throw new IllegalArgumentException(
                    "webhook is an address such as https://hooks.example.com/x, not '" + webhook
                            + "'");
        }
    }
}
