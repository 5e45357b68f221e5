package dev.pareto.dashboards.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** A stretch of time cut into equal steps of whole hours. */
public record Window(Instant from, Duration step, int steps) {

    private static final int MAX_STEPS = 1_000;

    public Window {
        if (steps < 1 || steps > MAX_STEPS) {
            throw new IllegalArgumentException("a window has 1 to " + MAX_STEPS + " steps, not " + steps);
        }
        if (step.isZero() || step.toSeconds() % 3600 != 0 || from.getEpochSecond() % 3600 != 0) {
            throw new IllegalArgumentException("a window starts on the hour and has steps of whole hours");
        }
    }

    /** The first instant that no longer belongs to it. */
    public Instant to() {
        return from.plus(step.multipliedBy(steps));
    }

    /** Whether its steps are whole days of UTC. */
    public boolean isOfDays() {
        long day = Duration.ofDays(1).toSeconds();
        return step.toSeconds() % day == 0 && from.getEpochSecond() % day == 0;
    }

    /** The window of the same length just before. */
    public Window before() {
        return new Window(from.minus(step.multipliedBy(steps)), step, steps);
    }

    /** The start of each step. */
    public List<Instant> starts() {
        return IntStream.range(0, steps).mapToObj(i -> from.plus(step.multipliedBy(i))).toList();
    }
}
