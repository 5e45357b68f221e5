package dev.pareto.dashboards.ask;

import dev.pareto.dashboards.store.Micros;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of the roll-ups that a question is about, as the end of a query. It is always bounded by time, so that no query reads
 * the whole ledger.
 *
 * @param from {@code TABLE WHERE conditions}, to follow a {@code FROM}
 * @param parameters what {@code from} names, {@code :from} and {@code :to} among it
 */
public record Slice(String from, Map<String, Object> parameters) {

    public Slice {
        parameters = Map.copyOf(parameters);
    }

    /** Hourly sums; those by tag where the question filters or groups by one. */
    public static Slice of(Question question, Span span) {
        return question.tagKey()
                .map(key -> slice("rollup_tag", question, span, Map.of("tagKey", key)))
                .orElseGet(() -> slice("rollup_hour", question, span, Map.of()));
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
        return new Slice("adjustment WHERE " + String.join(" AND ", conditions), parameters);
    }

    private static Slice slice(String table, Question question, Span span, Map<String, Object> more) {
        List<String> conditions = new ArrayList<>(List.of("hour_us >= :from", "hour_us < :to"));
        Map<String, Object> parameters = bounds(span);
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
        return new Slice(table + " WHERE " + String.join(" AND ", conditions), parameters);
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
