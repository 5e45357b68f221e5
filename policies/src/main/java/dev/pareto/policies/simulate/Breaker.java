package dev.pareto.policies.simulate;

import dev.pareto.policies.catalog.CircuitBreaker;
import java.util.ArrayDeque;
import java.util.Deque;

/** The gateway's circuit breaker as it counts, without threads: what feeds a decision's "available". Not thread-safe. */
final class Breaker {

    /** Calls let through to probe a circuit that was open. */
    private static final int PROBES = 2;

    private final CircuitBreaker settings;
    private final Deque<Boolean> window = new ArrayDeque<>();
    private boolean open;
    private double openUntil;
    private int probing = -1;
    private int probesFailed;
    private int probesEnded;

    Breaker(CircuitBreaker settings) {
        this.settings = settings;
    }

    /** Whether a decision may count on it. */
    boolean available(double now) {
        if (open && now >= openUntil) {
            open = false;
            probing = 0;
            probesFailed = 0;
            probesEnded = 0;
        }
        return !open;
    }

    /** Whether a call may go out; half open, only few may. */
    boolean permits(double now) {
        if (!available(now) || probing >= PROBES) {
            return false;
        }
        if (probing >= 0) {
            probing++;
        }
        return true;
    }

    void ended(boolean failed, double now) {
        if (open) {
            return;
        }
        if (probing >= 0) {
            probesEnded++;
            probesFailed += failed ? 1 : 0;
            if (probesEnded >= PROBES) {
                boolean stillDown = probesFailed >= settings.failureRate() * PROBES;
                probing = -1;
                window.clear();
                if (stillDown) {
                    open(now);
                }
            }
            return;
        }
        window.addLast(failed);
        if (window.size() > settings.window()) {
            window.removeFirst();
        }
        long failures = window.stream().filter(Boolean::booleanValue).count();
        if (window.size() >= Math.max(1, settings.window() / 2)
                && failures >= settings.failureRate() * window.size()) {
            window.clear();
            open(now);
        }
    }

    private void open(double now) {
        open = true;
        openUntil = now + settings.openFor().toNanos() / 1e9;
    }
}
