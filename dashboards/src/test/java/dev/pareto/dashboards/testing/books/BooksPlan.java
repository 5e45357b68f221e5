package dev.pareto.dashboards.testing.books;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What to make.
 *
 * @param attempts how many rows, exactly
 * @param from the first instant, a UTC midnight
 * @param days how long it goes on; the last hour may be left out by {@code to}
 * @param anomaly whether an agent of one team runs wild for six hours, a week before the end
 * @param priceChange whether a contract with the biggest vendor begins in the middle
 * @param chained whether the rows are in the chain of hashes, as the ledger writes them
 */
public record BooksPlan(long attempts, Instant from, int days, long seed, boolean anomaly, boolean priceChange,
        boolean chained) {

    /** The end of the books that tests use. */
    public static final Instant END = Instant.parse("2026-11-22T00:00:00Z");

    public BooksPlan {
        if (attempts < 1 || days < 1) {
            throw new IllegalArgumentException("books need an attempt and a day");
        }
        if (!from.equals(from.truncatedTo(ChronoUnit.DAYS))) {
            throw new IllegalArgumentException("books begin at a UTC midnight, not at " + from);
        }
    }

    /** So many attempts over so many days that end at {@code end}, with an anomaly and a change of prices. */
    public static BooksPlan of(long attempts, int days, Instant end) {
        Instant last = end.truncatedTo(ChronoUnit.DAYS);
        return new BooksPlan(attempts, last.minus(Duration.ofDays(days)), days, 1, true, true, true);
    }

    /** 20,000 attempts over 90 days, made in a second or two: enough that every page has something to say. */
    public static BooksPlan small() {
        return of(20_000, 90, END);
    }

    /** The first instant after the end. */
    public Instant to() {
        return from.plus(Duration.ofDays(days));
    }
}
