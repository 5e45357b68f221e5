package dev.pareto.proxy.limit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;

/** Bounds the requests in flight, so that a flood is refused at once rather than queued until everyone waits. Thread-safe. */
public final class Admission {

    private final int maxConcurrent;
    private final AtomicInteger inFlight = new AtomicInteger();

    public Admission(int maxConcurrent) {
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("maxConcurrent must be above zero, got " + maxConcurrent);
        }
        this.maxConcurrent = maxConcurrent;
    }

    /** A place among the requests in flight; giving it back twice is harmless. */
    public final class Permit implements AutoCloseable {

        private final AtomicBoolean given = new AtomicBoolean();

        private Permit() {}

        @Override
        public void close() {
            if (given.compareAndSet(false, true)) {
                inFlight.decrementAndGet();
            }
        }
    }

    /** @throws RefusedException with status 503 when the gateway is full */
    public Permit enter() {
        if (inFlight.incrementAndGet() > maxConcurrent) {
            inFlight.decrementAndGet();
            throw new RefusedException(OpenAiError.later(503, "overloaded",
                    "The gateway already carries " + maxConcurrent + " requests.", Duration.ofSeconds(1)));
        }
        return new Permit();
    }

    public int inFlight() {
        return inFlight.get();
    }
}
