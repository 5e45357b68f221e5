package dev.pareto.evals.run;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** Spreads calls evenly over time. Thread-safe. */
final class Pace {

    private final Duration gap;
    private @Nullable Instant next;

    /** @param callsPerMinute null for no limit */
    Pace(@Nullable Integer callsPerMinute) {
        this.gap = callsPerMinute == null ? Duration.ZERO : Duration.ofMinutes(1).dividedBy(callsPerMinute);
    }

    /** Takes the next place in the row; returns how long it is to it. */
    synchronized Duration reserve(Instant now) {
        Instant at = next == null || next.isBefore(now) ? now : next;
        next = at.plus(gap);
        return Duration.between(now, at);
    }
}
