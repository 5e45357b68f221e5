package dev.pareto.proxy.meter;

import java.math.BigDecimal;
import java.time.Instant;

import dev.pareto.dashboards.ledger.AttemptState;

import org.jspecify.annotations.Nullable;

/**
 * Is told what each of a caller's attempts has cost, as it ends, and when none will follow a failed one. Called on event loops: never
 * blocks and never throws.
 */
@FunctionalInterface
public interface Expenses {

    Expenses UNHEARD = (route, requestId, state, cost, at) -> {};

    /** @param cost in USD; null while its price is unknown */
    void paid(String route, String requestId, AttemptState state, @Nullable BigDecimal cost, Instant at);

    /** No further attempt follows for the request; told, too, of one whose last attempt did not fail. */
    default void over(String route, String requestId, Instant at) {}
}
