package dev.pareto.proxy.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets retries and fall-backs be a share of the traffic, as Linkerd does, rather than a count a request: when everything fails,
 * trying again everywhere would double the load. Thread-safe, lock-free.
 */
public final class RetryBudget {

    private static final long ONE = 1_000;

    private final long perRequest;
    private final long most;
    private final AtomicLong balance;

    /**
     * @param share retries allowed for each request, e.g. 0.2
     * @param reserve retries allowed without any traffic before, and the most that can be saved up
     */
    public RetryBudget(double share, int reserve) {
        if (!(share >= 0 && share <= 10) || reserve < 0) {
            throw new IllegalArgumentException(
                    "share must be 0 to 10 and reserve not negative, got " + share + ", " + reserve);
        }
        perRequest = Math.round(share * ONE);
        most = reserve * ONE;
        balance = new AtomicLong(most);
    }

    /** A first attempt was made. */
    public void deposit() {
        balance.updateAndGet(now -> Math.min(most, now + perRequest));
    }

    /** Whether one more attempt may be made; takes it from the budget. */
    public boolean withdraw() {
        return balance.getAndUpdate(now -> now >= ONE ? now - ONE : now) >= ONE;
    }
}
