package dev.pareto.dashboards.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as whole microseconds since 1970, the form in which the store keeps them. */
public final class Micros {

    /** One hour. */
    public static final long HOUR = Duration.ofHours(1).toMillis() * 1000;

    /** One day of UTC. */
    public static final long DAY = 24 * HOUR;

    private Micros() {}

    public static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** The start of the UTC hour that holds the instant. */
    public static long hourOf(long micros) {
        return Math.floorDiv(micros, HOUR) * HOUR;
    }

    /** The start of the UTC day that holds the instant. */
    public static long dayOf(long micros) {
        return Math.floorDiv(micros, DAY) * DAY;
    }
}
