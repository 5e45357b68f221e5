package dev.pareto.dashboards.schedule;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A report that is sent by itself.
 *
 * @param report the admin port's address of it, e.g. {@code /api/ledger/focus?period=last-month&format=csv}; what a page's export links to
 * @param hour of the UTC day, 0 to 23
 * @param to where it goes: the address of a webhook, or {@code mailto:} and up to 20 mail addresses with commas between
 * @param next when; null when it was stopped
 * @param tries that failed since it was last sent
 */
public record ReportSchedule(String id, String name, String report, Cadence cadence, int hour, URI to,
        String createdBy, Instant createdAt, @Nullable Instant next, int tries) {

    private static final String MAIL = "mailto";
    private static final int MOST_READERS = 20;
    /** No names, quotes or line ends, so that nothing can be put into a header. */
    private static final Pattern READER = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
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
        if (MAIL.equals(to.getScheme())) {
            checkReaders(readers(to));
        } else if (to.getHost() == null || !("https".equals(to.getScheme()) || "http".equals(to.getScheme()))) {
            throw new IllegalArgumentException(
                    "webhook is an address such as https://hooks.example.com/x, not '" + to + "'");
        }
    }

    /** Where a letter goes. */
    public static URI mailTo(List<String> readers) {
        List<String> each = readers.stream().map(String::strip).distinct().toList();
        checkReaders(each);
        try {
            return new URI(MAIL, String.join(",", each), null);
        } catch (URISyntaxException checkedBefore) {
            throw new IllegalArgumentException(checkedBefore);
        }
    }

    private static void checkReaders(List<String> readers) {
        if (readers.isEmpty() || readers.size() > MOST_READERS) {
            throw new IllegalArgumentException("a report goes to 1 to " + MOST_READERS + " mail addresses");
        }
        for (String reader : readers) {
            if (!READER.matcher(reader).matches()) {
                throw new IllegalArgumentException(
                        "'" + reader + "' is no mail address such as finance@example.com");
            }
        }
    }

    private static List<String> readers(URI to) {
        return List.of(to.getSchemeSpecificPart().split(","));
    }

    /** Whether it goes by mail, else to a webhook. */
    public boolean byMail() {
        return MAIL.equals(to.getScheme());
    }

    /** The mail addresses that it goes to; empty for a webhook. */
    public List<String> readers() {
        return byMail() ? readers(to) : List.of();
    }
}
