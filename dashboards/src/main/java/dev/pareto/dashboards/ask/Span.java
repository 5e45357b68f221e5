package dev.pareto.dashboards.ask;

import java.time.Instant;

/**
 * A stretch of whole hours, as the hourly sums are cut.
 *
 * @param to the first instant that no longer belongs to it
 */
public record Span(Instant from, Instant to) {

    private static final long HOUR = 3600;

    public Span {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("a span cannot end before it begins: " + from + " to " + to);
        }
        if (from.getEpochSecond() % HOUR != 0 || to.getEpochSecond() % HOUR != 0) {
            throw new IllegalArgumentException("a span begins and ends on the hour, not " + from + " to " + to);
        }
    }

    public boolean isEmpty() {
        return from.equals(to);
    }

    /** The start of the hour after an instant. */
    static Instant nextHour(Instant instant) {
        return Instant.ofEpochSecond((Math.floorDiv(instant.getEpochSecond(), HOUR) + 1) * HOUR);
    }
}
