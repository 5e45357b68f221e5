package dev.pareto.dashboards.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The periods that a page offers, each cut into equal steps of UTC time. */
public enum Period {
    DAY("24h", Duration.ofHours(1), 24), WEEK("7d", Duration.ofHours(6), 28), MONTH("30d", Duration.ofDays(1), 30);

    private final String id;
    private final Duration step;
    private final int steps;

    Period(String id, Duration step, int steps) {
        this.id = id;
        this.step = step;
        this.steps = steps;
    }

    /** The name in a URL. */
    public String id() {
        return id;
    }

    /**
     * @throws IllegalArgumentException when there is no such period; the message names those there are
     */
    public static Period parse(String id) {
        return Arrays.stream(values())
                .filter(period -> period.id.equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no period '" + id + "'; use one of " + Arrays
                                .stream(values())
                                .map(Period::id)
                                .collect(Collectors.joining(", "))));
    }

    /** The window of this length that ends with the step in which {@code now} lies. */
    public Window endingAt(Instant now) {
        long stepSeconds = step.toSeconds();
        Instant lastStart = Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), stepSeconds) * stepSeconds);
        return new Window(lastStart.minus(step.multipliedBy(steps - 1L)), step, steps);
    }
}
