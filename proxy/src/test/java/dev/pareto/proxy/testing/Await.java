package dev.pareto.proxy.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads will have done soon; looks often, gives up after ten seconds or as long as told. */
public final class Await {

    private static final Duration MOST = Duration.ofSeconds(10);

    private Await() {}

    public static void until(String what, BooleanSupplier holds) {
        until(what, MOST, holds);
    }

    public static void until(String what, Duration most, BooleanSupplier holds) {
        long deadline = System.nanoTime() + most.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + most.toSeconds() + " s in vain until " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
