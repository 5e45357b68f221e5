package dev.pareto.dashboards.ask;

import dev.pareto.dashboards.store.Micros;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows of the roll-ups that a question is about, as the end of a query. It is always bounded by time, so that no query reads
 * the whole ledger; of three days of UTC or more, whole days are read from the sums by day (a row's {@code hour_us} is then the
 * start of its day) and the hours at the edges from those by hour. There is a column of tenants only where the question groups or
 * filters by them.
 *
 * @param parts each {@code TABLE WHERE conditions}, to follow a {@code FROM}; no row is in two
 * @param parameters what the parts name
 */
public record Slice(List<String> parts, Map<String, Object> parameters) {

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final List<Dimension> PLACES = List.of(Dimension.TENANT, Dimension.ROUTE);
    private static final List<Dimension> MODELS = List.of(Dimension.MODEL, Dimension.VENDOR);
    /** What is read by the hour, as what is shown by the hour is no longer. */
    private static final long HOURLY = 2 * Micros.DAY;

    public Slice {
        parts = List.copyOf(parts);
        parameters = Map.copyOf(parameters);
    }

    /**
     * One query of all parts. Each is grouped by itself, which lets the database go along its index and costs a third of grouping
     * their union; so a group may come once for each part, and whoever reads them adds them up.
     *
     * @param query from a part to a whole query, without an order
     */
    public String select(UnaryOperator<String> query) {
        return parts.stream().map(query).collect(Collectors.joining(" UNION ALL "));
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
     * few rows where it names nothing but tenants and routes, or nothing but a tag.
     */
    public static Slice spend(Question question, Span span) {
        return question.tagKey()
                .map(key -> slice("rollup_tag", question, span, Map.of("tagKey", key),
                        isOf(question, List.of(new Dimension("tag." + key)))
                                ? "rollup_tag_value_day"
                                : "rollup_tag_day"))
                .orElseGet(() -> isOf(question, PLACES)
                        ? slice("rollup_place", question, span, Map.of(), "rollup_place_day")
                        : of(question, span));
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

    /** The same with a row for each hour, however long the span. */
    public static Slice linesEachHour(Question question, Span span) {
        requireNoTag(question, "what was bought");
        return hourly("rollup_line", question, span, Map.of());
    }

    /** Histograms of latency by model; for a question whose filters are models alone. */
    public static Slice latencies(Question question, Span span) {
        return slice("rollup_latency", question, span, Map.of());
    }

    /** Adjustments; none where the question is about something that they have not (a role, a tag, simulated calls). */
    public static Slice adjustments(Question question, Span span) {
        List<String> conditions = new ArrayList<>(List.of("booked_us >= :from", "booked_us < :to"));
        Map<String, Object> parameters = bounds(span);
        boolean possible = question.filters().stream().allMatch(filter -> filter.dimension().ofAdjustments())
                && question.simulated() != Simulated.ONLY;
        if (possible) {
            filter(question, conditions, parameters);
        } else {
            conditions.add("1 = 0");
        }
        return new Slice(List.of("adjustment WHERE " + String.join(" AND ", conditions)), parameters);
    }

    private static Slice hourly(String table, Question question, Span span, Map<String, Object> more) {
        Map<String, Object> parameters = bounds(span);
        return new Slice(List.of(part(table, "from", "to", where(question, more, parameters))), parameters);
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
        if (!question.zone().equals(UTC) || endOfDays - firstDay <= HOURLY) {
            return hourly(table, question, span, more);
        }
        Map<String, Object> parameters = bounds(span);
        parameters.put("firstDay", firstDay);
        parameters.put("endOfDays", endOfDays);
        String where = where(question, more, parameters);
        List<String> parts = new ArrayList<>(List.of(part(daily, "firstDay", "endOfDays", where)));
        if (from < firstDay) {
            parts.add(part(table, "from", "firstDay", where));
        }
        if (endOfDays < to) {
            parts.add(part(table, "endOfDays", "to", where));
        }
        return new Slice(parts, parameters);
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

    private static String part(String table, String from, String to, String where) {
        return table + " WHERE hour_us >= :" + from + " AND hour_us < :" + to + where;
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
        return conditions.stream().map(condition -> " AND " + condition).collect(Collectors.joining());
    }

    private static Map<String, Object> bounds(Span span) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("from", Micros.of(span.from()));
        parameters.put("to", Micros.of(span.to()));
        return parameters;
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
