package dev.pareto.policies.bandit;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Money;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** What may be spent in a period of the calendar (UTC). */
public record Budget(Money cap, Horizon horizon) {

    /** When what was not spent lapses and spending begins anew. */
    public enum Horizon {
        DAY, MONTH
    }

    public Budget {
        requireNonNull(cap, "cap is null");
        requireNonNull(horizon, "horizon is null");
        if (cap.amount().signum() <= 0) {
            throw new IllegalArgumentException("a budget is above zero, got " + cap);
        }
    }

    Instant start(Instant at) {
        ZonedDateTime day = at.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
        return (horizon == Horizon.DAY ? day : day.withDayOfMonth(1)).toInstant();
    }

    Instant end(Instant at) {
        ZonedDateTime start = start(at).atZone(ZoneOffset.UTC);
        return (horizon == Horizon.DAY ? start.plusDays(1) : start.plusMonths(1)).toInstant();
    }
}
