package dev.pareto.dashboards.ask;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a report is asked. Sums are kept by one tag at a time, so that all tags in it are of one key.
 *
 * @param from the first day, in {@code zone}
 * @param to the last day, in {@code zone}
 * @param span the hours of those days; of a period that still runs, until the end of the present hour
 * @param before what it is compared to: of a period that still runs, as many hours; null for nothing
 * @param filters each must hold
 * @param groupBy at most two, none twice
 */
public record Question(NamedPeriod period, LocalDate from, LocalDate to, ZoneId zone, Span span, Compare compare,
        @Nullable Span before, List<Filter> filters, Simulated simulated, List<Dimension> groupBy) {

    public Question {
        filters = List.copyOf(filters);
        groupBy = List.copyOf(groupBy);
        List<String> keys = tagKeys(filters, groupBy);
        if (keys.size() > 1) {
            throw new IllegalArgumentException("sums are kept by one tag at a time; ask for tag." + keys.get(0)
                    + " or for tag." + keys.get(1) + ", not for both");
        }
    }

    /** The one key of all its tags; empty when it is about none. */
    public Optional<String> tagKey() {
        return tagKeys(filters, groupBy).stream().findFirst();
    }

    /** Whether only calls with some value of a tag are asked for. */
    public boolean filtersByTag() {
        return filters.stream().anyMatch(filter -> filter.dimension().isTag());
    }

    /** The same about something else. */
    public Question by(Dimension... dimensions) {
        return new Question(period, from, to, zone, span, compare, before, filters, simulated, List.of(dimensions));
    }

    /** The same, and only about one value of a dimension. */
    public Question only(Dimension dimension, String value) {
        List<Filter> more = new java.util.ArrayList<>(filters);
        more.removeIf(filter -> filter.dimension().equals(dimension));
        more.add(new Filter(dimension, List.of(value)));
        return new Question(period, from, to, zone, span, compare, before, more, simulated, groupBy);
    }

    /** The same, of other hours and compared to nothing. */
    public Question in(Span other) {
        return new Question(period, from, to, zone, other, Compare.NONE, null, filters, simulated, groupBy);
    }

    private static List<String> tagKeys(List<Filter> filters, List<Dimension> groupBy) {
        return java.util.stream.Stream.concat(filters.stream().map(Filter::dimension), groupBy.stream())
                .map(Dimension::tagKey)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .distinct()
                .toList();
    }
}
