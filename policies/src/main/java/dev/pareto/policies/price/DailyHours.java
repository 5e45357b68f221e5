package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * A part of every UTC day at which a price holds, e.g. 01:00 to 04:00.
 *
 * @param from the first moment, inclusive
 * @param to the end, exclusive; midnight means the end of the day
 */
public record DailyHours(LocalTime from, LocalTime to) {

    public DailyHours {
        requireNonNull(from, "from is null");
        requireNonNull(to, "to is null");
        if (!to.equals(LocalTime.MIDNIGHT) && !to.isAfter(from)) {
            throw new IllegalArgumentException(
                    "hours " + from + "-" + to + " must end after they begin; write two entries to pass midnight");
        }
    }

    public boolean contains(Instant when) {
        LocalTime time = when.atOffset(ZoneOffset.UTC).toLocalTime();
        return !time.isBefore(from) && (to.equals(LocalTime.MIDNIGHT) || time.isBefore(to));
    }
}
