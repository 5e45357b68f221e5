package dev.pareto.dashboards.ask;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Reads;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows of the roll-ups that a question is about. They are always bounded by time, so that no query reads the whole ledger; of
 * three days of UTC or more, whole days are read from the sums by day (a row's {@code hour_us} is then the start of its day) and the
 * hours at the edges from those by hour. There is a column of tenants only where the question groups or filters by them.
 *
 * @param parts no row is in two
 * @param parameters what the parts name beside their bounds
 */
public record Slice(List<Part> parts, Map<String, Object> parameters) {

    /** What leaves a doubt about a call that ended, in the very words of the index, without which it is not used. */
    public static final String DOUBTFUL = "state <> 'OPEN' AND (inconsistent = 1 OR estimated = 1 OR cost_pico IS NULL"
            + " OR ended_us < started_us)";

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final List<Dimension> PLACES = List.of(Dimension.TENANT, Dimension.ROUTE);
    private static final List<Dimension> MODELS = List.of(Dimension.MODEL, Dimension.VENDOR, Dimension.ROLE);
    private static final List<Dimension> PRICES = List.of(Dimension.MODEL, Dimension.VENDOR);
    /** What is read by the hour, as what is shown by the hour is no longer. */
    private static final long HOURLY = 2 * Micros.DAY;

    public Slice {
        parts = List.copyOf(parts);
        parameters = Map.copyOf(parameters);
    }

    /**
     * Rows of one table.
     *
     * @param time the column of time
     * @param from the first microsecond
     * @param to the one after the last
     * @param where what holds beside the bounds: nothing, or {@code AND} and conditions
     * @param lasting whether its rows change only together with the sums of their day
     */
    record Part(String table, String time, long from, long to, String where, boolean lasting) {

        /** As the end of a query that names {@code :partFrom} and {@code :partTo}. */
        String sql() {
            return table + " WHERE " + time + " >= :partFrom AND " + time + " < :partTo" + where;
        }
    }

    /** @param sql from a table and its conditions, to follow a {@code FROM}, to a whole query */
    public SliceQuery query(Reads reads, UnaryOperator<String> sql) {
        return new SliceQuery(reads, this, sql);
    }

    /** Hourly sums; those by tag where the question filters or groups by one. */
    public static Slice of(Question question, Span span) {
        return question.tagKey()
                .map(key -> slice("rollup_tag", question, span, Map.of("tagKey", key)))
                .orElseGet(() -> slice("rollup_hour", question, span, Map.of()));
    }

    /** The same with a row for each hour, however long the span. */
    public static Slice eachHour(Question question, Span span) {
        return question.tagKey()
                .map(key -> hourly("rollup_tag", question, span, Map.of("tagKey", key)))
                .orElseGet(() -> hourly("rollup_hour", question, span, Map.of()));
    }

    /**
     * Hourly sums of calls, tokens and money alone. There are columns only of what the question groups or filters by, and of these
     * few rows where it names nothing but tenants and routes, nothing but models, vendors and roles, or nothing but a tag.
     */
    public static Slice spend(Question question, Span span) {
        Kept kept = kept(question);
        return slice(kept.hourly(), question, span, kept.more(), kept.daily());
    }

    /** The same for a query by steps of the question's time zone, whose days may begin at any hour of UTC. */
    public static Slice spendInSteps(Question question, Span span) {
        Kept kept = kept(question);
        return question.zone().equals(UTC)
                ? spend(question, span)
                : hourly(kept.hourly(), question, span, kept.more());
    }

    /** The same with a row for each hour, however long the span, and with columns of tenants and routes. */
    public static Slice spendEachHour(Question question, Span span) {
        return question.tagKey().isEmpty() && isOf(question, PLACES)
                ? hourly("rollup_place", question, span, Map.of())
                : eachHour(question, span);
    }

    /** Calls and tokens of each hour by model and vendor, however long the span. */
    public static Slice modelsEachHour(Question question, Span span) {
        requireNoTag(question, "how busy models were");
        return isOf(question, MODELS)
                ? hourly("rollup_model", question, span, Map.of())
                : hourly("rollup_hour", question, span, Map.of());
    }

    /** Hourly sums of all calls, tagged or not; only for a question without a filter by tag. */
    public static Slice hours(Question question, Span span) {
        requireNoTag(question, "this");
        return slice("rollup_hour", question, span, Map.of());
    }

    /** Hourly sums by charge line; only for a question without a filter by tag. */
    public static Slice lines(Question question, Span span) {
        requireNoTag(question, "what was bought");
        return slice("rollup_line", question, span, Map.of());
    }

    /** The same for a query by steps of the question's time zone, without columns of tenants, routes and roles. */
    public static Slice linesInSteps(Question question, Span span) {
        requireNoTag(question, "what was bought");
        return question.zone().equals(UTC)
                ? lines(question, span)
                : hourly(isOf(question, PRICES) ? "rollup_price" : "rollup_line", question, span, Map.of());
    }

    /** The same with a row for each hour, however long the span. */
    public static Slice linesEachHour(Question question, Span span) {
        requireNoTag(question, "what was bought");
        return hourly("rollup_line", question, span, Map.of());
    }

    /** Histograms of latency by model; for a question whose filters are models alone. */
    public static Slice latencies(Question question, Span span) {
        return slice("rollup_latency", question, span, Map.of());
    }

    /** Calls that a vendor refused as too many, from an index; only for a question without a filter by tag. */
    public static Slice refusals(Question question, Span span) {
        return calls(" AND http_status = 429", question, span);
    }

    /** Calls that ended and whose figures leave a doubt, from an index; only for a question without a filter by tag. */
    public static Slice doubtful(Question question, Span span) {
        return calls(" AND " + DOUBTFUL, question, span);
    }

    /** What is so of a call only when it ended. That retention took some of them is seen within an hour. */
    private static Slice calls(String which, Question question, Span span) {
        requireNoTag(question, "single calls");
        Map<String, Object> parameters = new HashMap<>();
        String where = which + where(question, Map.of(), parameters);
        return new Slice(List.of(new Part("attempt", "started_us", Micros.of(span.from()), Micros.of(span.to()), where,
                true)), parameters);
    }

    /** All sums by model of a stretch of time: by day, which it must then begin and end with, or by hour. */
    public static Slice models(Span span, boolean daily) {
        return whole(daily ? "rollup_model_day" : "rollup_hour", span);
    }

    /** Histograms of latency of a stretch of time: by day, which it must then begin and end with, or by hour. */
    public static Slice latencies(Span span, boolean daily) {
        return whole(daily ? "rollup_latency_day" : "rollup_latency", span);
    }

    /** What was bought of each model at which price, of some whole days of UTC. */
    public static Slice prices(Span days) {
        return whole("rollup_price_day", days);
    }

    /** The values of all tags on the days of a span. */
    public static Slice tags(Span span) {
        return whole("rollup_tag_value_day", new Span(Micros.toInstant(Micros.dayOf(Micros.of(span.from()))),
                span.to()));
    }

    /** Adjustments; none where the question is about something that they have not (a role, a tag, simulated calls). */
    public static Slice adjustments(Question question, Span span) {
        boolean possible = question.filters().stream().allMatch(filter -> filter.dimension().ofAdjustments())
                && question.simulated() != Simulated.ONLY;
        Map<String, Object> parameters = new HashMap<>();
        List<String> conditions = new ArrayList<>();
        filter(question, conditions, parameters);
        return possible
                ? new Slice(List.of(new Part("adjustment", "booked_us", Micros.of(span.from()), Micros.of(span.to()),
                        and(conditions), false)), parameters)
                : new Slice(List.of(), Map.of());
    }

    private static Slice whole(String table, Span span) {
        return new Slice(List.of(sums(table, Micros.of(span.from()), Micros.of(span.to()), "")), Map.of());
    }

    private static Slice hourly(String table, Question question, Span span, Map<String, Object> more) {
        Map<String, Object> parameters = new HashMap<>();
        String where = where(question, more, parameters);
        return new Slice(List.of(sums(table, Micros.of(span.from()), Micros.of(span.to()), where)), parameters);
    }

    private static Slice slice(String table, Question question, Span span, Map<String, Object> more) {
        return slice(table, question, span, more, daily(table, question));
    }

    /**
     * By the day in its middle where it is long.
     *
     * @param daily the sums by day
     */
    private static Slice slice(String table, Question question, Span span, Map<String, Object> more, String daily) {
        long from = Micros.of(span.from());
        long to = Micros.of(span.to());
        long firstDay = Micros.dayOf(from + Micros.DAY - 1);
        long endOfDays = Micros.dayOf(to);
        if (endOfDays - firstDay <= HOURLY) {
            return hourly(table, question, span, more);
        }
        Map<String, Object> parameters = new HashMap<>();
        String where = where(question, more, parameters);
        List<Part> parts = new ArrayList<>(List.of(sums(daily, firstDay, endOfDays, where)));
        if (from < firstDay) {
            parts.add(sums(table, from, firstDay, where));
        }
        if (endOfDays < to) {
            parts.add(sums(table, endOfDays, to, where));
        }
        return new Slice(parts, parameters);
    }

    /**
     * Sums of calls, tokens and money.
     *
     * @param more parameters of theirs
     */
    private record Kept(String hourly, String daily, Map<String, Object> more) {}

    /** Those of the fewest rows that have what the question names. */
    private static Kept kept(Question question) {
        String key = question.tagKey().orElse(null);
        if (key != null) {
            String table = isOf(question, List.of(new Dimension("tag." + key))) ? "rollup_tag_value" : "rollup_tag";
            return new Kept(table, table + "_day", Map.of("tagKey", key));
        }
        if (isOf(question, List.of())) {
            return new Kept("rollup_model", "rollup_place_day", Map.of());
        }
        if (isOf(question, PLACES)) {
            return new Kept("rollup_place", "rollup_place_day", Map.of());
        }
        return new Kept(isOf(question, MODELS) ? "rollup_model" : "rollup_hour", daily("rollup_hour", question),
                Map.of());
    }

    /** The sums by day; without the tenant, a fifth of the rows, where the question names none. */
    private static String daily(String table, Question question) {
        boolean coarse = dimensions(question).noneMatch(Dimension.TENANT::equals);
        return switch (table) {
            case "rollup_hour" -> coarse ? "rollup_model_day" : "rollup_day";
            case "rollup_line" -> coarse ? "rollup_price_day" : "rollup_line_day";
            default -> table + "_day";
        };
    }

    /** Whether a question groups and filters by some dimensions alone. */
    private static boolean isOf(Question question, List<Dimension> dimensions) {
        return dimensions(question).allMatch(dimensions::contains);
    }

    private static Stream<Dimension> dimensions(Question question) {
        return Stream.concat(question.groupBy().stream(), question.filters().stream().map(Filter::dimension));
    }

    private static Part sums(String table, long from, long to, String where) {
        return new Part(table, "hour_us", from, to, where, true);
    }

    /** What holds beside the bounds in time, and its parameters. */
    private static String where(Question question, Map<String, Object> more, Map<String, Object> parameters) {
        List<String> conditions = new ArrayList<>();
        if (more.containsKey("tagKey")) {
            conditions.add("tag_key = :tagKey");
            parameters.putAll(more);
        }
        filter(question, conditions, parameters);
        switch (question.simulated()) {
            case WITH -> {
            }
            case WITHOUT -> conditions.add("simulated = 0");
            case ONLY -> conditions.add("simulated = 1");
        }
        return and(conditions);
    }

    private static String and(List<String> conditions) {
        return conditions.stream().map(condition -> " AND " + condition).collect(Collectors.joining());
    }

    private static void filter(Question question, List<String> conditions, Map<String, Object> parameters) {
        for (Filter filter : question.filters()) {
            String name = "f" + parameters.size();
            conditions.add(filter.dimension().column() + " IN (:" + name + ")");
            parameters.put(name, filter.values());
        }
    }

    private static void requireNoTag(Question question, String what) {
        if (question.filtersByTag()) {
            throw new IllegalArgumentException(
                    "by tag, only calls, tokens and money are kept; ask for " + what + " without a filter by tag");
        }
    }
}
