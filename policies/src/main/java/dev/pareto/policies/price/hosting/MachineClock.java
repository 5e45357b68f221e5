package dev.pareto.policies.price.hosting;

import java.math.BigDecimal;
import java.util.function.LongSupplier;

/**
 * Shares a machine's time among the requests that it works on: each moment is divided equally among those running then, and a
 * moment without any is idle. The shares of all requests and the idle time add up to the time that passed. Thread-safe.
 */
public final class MachineClock {

    private static final int NANO_DIGITS = 9;
    /** Shares are kept in hundredths of a nanosecond: finer than any bill, and good for years without an idle moment. */
    private static final long FINE = 100L;

    private final LongSupplier nanoTime;
    private final long started;
    private long last;
    private int running;
    /** What one request that ran since the machine was last idle would have got, in hundredths of a nanosecond. */
    private long each;
    private long idleNanos;

    /** @param nanoTime as {@link System#nanoTime} */
    public MachineClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        started = nanoTime.getAsLong();
        last = started;
    }

    /** A request that the machine works on until it is ended. */
    public final class Share {

        private final long before;
        private boolean ended;
        private long got;

        private Share(long before) {
            this.before = before;
        }

        /** Ends it, once, and tells the seconds that are its own; the same figure however often it is asked. */
        public BigDecimal end() {
            synchronized (MachineClock.this) {
                if (!ended) {
                    advance();
                    ended = true;
                    got = each - before;
                    running--;
                    if (running == 0) {
                        each = 0;
                    }
                }
                return BigDecimal.valueOf(got / FINE, NANO_DIGITS);
            }
        }
    }

    /**
     * How the time was used.
     *
     * @param wall seconds since the clock was made
     * @param idle of these, seconds without any request
     */
    public record Time(BigDecimal wall, BigDecimal idle) {

        /** Seconds with at least one request: they are the requests' together. */
        public BigDecimal used() {
            return wall.subtract(idle);
        }
    }

    public synchronized Share begin() {
        advance();
        running++;
        return new Share(each);
    }

    public synchronized Time time() {
        advance();
        return new Time(BigDecimal.valueOf(last - started, NANO_DIGITS), BigDecimal.valueOf(idleNanos, NANO_DIGITS));
    }

    private void advance() {
        long now = nanoTime.getAsLong();
        long passed = Math.max(0, now - last);
        last += passed;
        if (running == 0) {
            idleNanos += passed;
        } else {
            each += passed * FINE / running;
        }
    }
}
