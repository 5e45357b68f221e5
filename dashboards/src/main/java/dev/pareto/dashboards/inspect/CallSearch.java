package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.ask.Filter;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Simulated;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Reads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds calls without reading the whole ledger: the hourly sums tell which hours hold any that are asked for, and a page reads
 * only those, newest first, until it is full or has looked at {@link #BUDGET} rows. An id begins with its time (RFC 9562, version
 * 7), so that hours are ranges of ids and of PostgreSQL's partitions. Blocks.
 */
final class CallSearch {

    /** Rows that one page may look at; the next page goes on from there. */
    static final int BUDGET = 15_000;

    /** Ids are made a little before their call is. */
    private static final long SLACK = 60_000_000L;

    private final Reads reads;

    CallSearch(Reads reads) {
        this.reads = reads;
    }

    /** @param until the id before which to look; null when there is nothing more */
    record Found(List<CallRow> rows, @Nullable String until, @Nullable Instant searchedTo) {}

    private record Hour(long start, long attempts) {}

    Found newest(Question question, CallFilter filter) {
        String below = filter.before() == null ? idAt(Micros.of(question.span().to()) + SLACK) : filter.before();
        if (filter.dear() || isPlain(question, filter)) {
            List<CallRow> rows = rows(question, filter, idAt(Micros.of(question.span().from()) - SLACK), below);
            return new Found(rows, rows.size() < filter.limit() ? null : rows.getLast().attemptId(), null);
        }
        var search = new Search(question, filter, below);
        for (long day : days(question, filter, timeOf(below))) {
            for (Hour hour : hours(question, filter, day, timeOf(below))) {
                if (!search.look(hour)) {
                    return search.found();
                }
            }
        }
        return new Found(search.rows, null, null);
    }

    private static boolean isPlain(Question question, CallFilter filter) {
        return question.filters().isEmpty() && question.simulated() == Simulated.WITH && filter.state() == null
                && filter.min() == null && filter.max() == null;
    }

    /** One page on its way back through the hours. */
    private final class Search {

        private final Question question;
        private final CallFilter filter;
        private final List<CallRow> rows = new ArrayList<>();
        private String below;
        private long looked;
        private @Nullable Instant stopped;

        Search(Question question, CallFilter filter, String below) {
            this.question = question;
            this.filter = filter;
            this.below = below;
        }

        /** False when the page is full or has looked at enough. */
        boolean look(Hour hour) {
            if (looked > 0 && looked + hour.attempts() > BUDGET) {
                stopped = Micros.toInstant(hour.start() + Micros.HOUR);
                return false;
            }
            looked += hour.attempts();
            String end = idAt(hour.start() + Micros.HOUR + SLACK);
            String low = idAt(hour.start() - SLACK);
            rows.addAll(rows(question, filter.withLimit(filter.limit() - rows.size()), low,
                    end.compareTo(below) < 0 ? end : below));
            below = low.compareTo(below) < 0 ? low : below;
            return rows.size() < filter.limit();
        }

        Found found() {
            return stopped == null
                    ? new Found(rows, rows.getLast().attemptId(), null)
                    : new Found(rows, below, stopped);
        }
    }

    /** The dearest of those that cost a tenth of a unit of money or more. */
    Found dearest(Question question, CallFilter filter) {
        Map<String, Object> parameters = bounds(question, idAt(Micros.of(question.span().from()) - SLACK),
                idAt(Micros.of(question.span().to()) + SLACK));
        String sql = "SELECT " + CallRow.COLUMNS + " FROM attempt WHERE attempt_id IN (SELECT attempt_id FROM attempt"
                + " WHERE " + conditions(question, filter, parameters) + " ORDER BY cost_pico DESC LIMIT :limit)"
                + " ORDER BY cost_pico DESC, attempt_id DESC";
        return new Found(reads.sql(sql).params(parameters).query(CallRow::read).list(), null, null);
    }

    private List<CallRow> rows(Question question, CallFilter filter, String from, String below) {
        Map<String, Object> parameters = bounds(question, from, below);
        String sql = "SELECT " + CallRow.COLUMNS + " FROM attempt WHERE " + conditions(question, filter, parameters)
                + " ORDER BY attempt_id DESC LIMIT :limit";
        return reads.sql(sql).params(parameters).query(CallRow::read).list();
    }

    private static Map<String, Object> bounds(Question question, String from, String below) {
        return new HashMap<>(Map.of("from", Micros.of(question.span().from()), "to", Micros.of(question.span().to()),
                "fromId", from, "belowId", below));
    }

    private static String conditions(Question question, CallFilter filter, Map<String, Object> parameters) {
        List<String> all = new ArrayList<>(List.of("attempt_id >= :fromId", "attempt_id < :belowId",
                "started_us >= :from", "started_us < :to"));
        for (Filter one : question.filters()) {
            String name = "f" + parameters.size();
            String column = one.dimension().isTag()
                    ? "json_extract(tags, :" + name + "path)"
                    : one.dimension().column();
            if (one.dimension().isTag()) {
                parameters.put(name + "path", "$.\"" + one.dimension().tagKey() + "\"");
            }
            all.add(column + " IN (:" + name + ")");
            parameters.put(name, one.values());
        }
        if (question.simulated() != Simulated.WITH) {
            all.add("simulated = " + (question.simulated() == Simulated.ONLY ? 1 : 0));
        }
        if (filter.state() != null) {
            all.add("state = '" + filter.state().name() + "'");
        }
        if (filter.dear()) {
            all.add("cost_pico >= " + CallFilter.DEAR);
        }
        if (filter.min() != null) {
            all.add("cost_pico >= :min");
            parameters.put("min", filter.min());
        }
        if (filter.max() != null) {
            all.add("cost_pico <= :max");
            parameters.put("max", filter.max());
        }
        parameters.put("limit", filter.limit());
        return String.join(" AND ", all);
    }

    /** The days before a moment in which anything that is asked for was booked, newest first. */
    private List<Long> days(Question question, CallFilter filter, long before) {
        long from = Micros.of(question.span().from());
        long end = Math.min(Micros.of(question.span().to()), Micros.hourOf(before) + Micros.HOUR);
        if (end <= from) {
            return List.of();
        }
        if (filter.state() == AttemptState.OPEN) {
            // What is open is in no sum yet.
            return reads.sql("SELECT DISTINCT started_us - started_us % 86400000000 AS day_us FROM attempt"
                    + " WHERE state = 'OPEN' AND started_us >= :from AND started_us < :to ORDER BY day_us DESC")
                    .param("from", from)
                    .param("to", end)
                    .query((row, number) -> (Long) row.getLong("day_us"))
                    .list();
        }
        Map<Long, Long> found = new HashMap<>();
        sums("hour_us - hour_us % 86400000000", Slice.of(question, new Span(Micros.toInstant(from),
                Micros.toInstant(end))), measure(filter, question.filtersByTag()), found);
        return found.entrySet()
                .stream()
                .filter(day -> day.getValue() > 0)
                .map(Map.Entry::getKey)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** The hours of a day, newest first, with all the rows that they hold. */
    private List<Hour> hours(Question question, CallFilter filter, long day, long before) {
        long from = Math.max(day, Micros.of(question.span().from()));
        long end = Math.min(Math.min(day + Micros.DAY, Micros.of(question.span().to())),
                Micros.hourOf(before) + Micros.HOUR);
        var span = new Span(Micros.toInstant(from), Micros.toInstant(Math.max(from, end)));
        if (filter.state() == AttemptState.OPEN) {
            List<Hour> all = new ArrayList<>();
            for (long hour = Micros.hourOf(Math.max(from, end) - 1); hour >= from; hour -= Micros.HOUR) {
                all.add(new Hour(hour, 1));
            }
            return all;
        }
        Map<Long, Long> matching = new HashMap<>();
        Map<Long, Long> all = new HashMap<>();
        sums("hour_us", Slice.eachHour(question, span), measure(filter, question.filtersByTag()), matching);
        sums("hour_us", Slice.eachHour(new Question(question.period(), question.from(), question.to(), question.zone(),
                span, question.compare(), null, List.of(), Simulated.WITH, List.of()), span), "attempts", all);
        return matching.entrySet()
                .stream()
                .filter(hour -> hour.getValue() > 0)
                .map(hour -> new Hour(hour.getKey(), all.getOrDefault(hour.getKey(), 0L)))
                .sorted(Comparator.comparingLong(Hour::start).reversed())
                .toList();
    }

    private void sums(String time, Slice slice, String measure, Map<Long, Long> into) {
        slice.query(reads, from -> "SELECT " + time + " AS at_us, SUM(" + measure + ") AS found FROM " + from
                + " GROUP BY at_us").each(row -> into.merge(row.getLong("at_us"), row.getLong("found"), Long::sum));
    }

    private static String measure(CallFilter filter, boolean byTag) {
        return filter.state() == null || byTag
                ? "attempts"
                : switch (filter.state()) {
                    case OPEN -> "attempts";
                    case SETTLED -> "settled";
                    case ABORTED -> "aborted";
                    case FAILED -> "failed";
                    case EXPIRED -> "expired";
                };
    }

    /** When an id was made, in microseconds. */
    private static long timeOf(String id) {
        return Long.parseLong(id.substring(0, 8) + id.substring(9, 13), 16) * 1_000;
    }

    /** The least id of a moment. */
    static String idAt(long micros) {
        return new UUID((micros / 1_000) << 16, 0).toString();
    }
}
