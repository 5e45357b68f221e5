package dev.pareto.dashboards.ledger;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Time-ordered identifiers (RFC 9562, version 7): 48 bits of milliseconds, a 12-bit counter that keeps ids of one millisecond
 * in order, 62 random bits. Each id is greater than the one before it, also when the clock steps back. Thread-safe.
 */
public final class UuidV7 implements Supplier<UUID> {

    private static final int COUNTER_BITS = 12;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long last;

    public UuidV7(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public synchronized UUID get() {
        // Milliseconds and counter are one number: a full counter borrows from the next millisecond.
        last = Math.max(clock.millis() << COUNTER_BITS, last + 1);
        long millis = last >>> COUNTER_BITS;
        long counter = last & ((1 << COUNTER_BITS) - 1);
        long high = (millis << 16) | 0x7000L | counter;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
