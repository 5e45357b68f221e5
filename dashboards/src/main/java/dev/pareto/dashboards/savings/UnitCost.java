package dev.pareto.dashboards.savings;

import static java.util.Objects.requireNonNull;

/**
 * What one unit (a conversation, a user, a request) did in a period. Chance sends whole units, so they and not their requests are
 * independent of each other.
 *
 * @param cost of all its requests, in the book's currency
 * @param requestsBefore in the time before the hold-out began; 0 where there was none
 */
public record UnitCost(Side side, long requests, double cost, long requestsBefore, double costBefore) {

    public UnitCost {
        requireNonNull(side, "side is null");
        if (requests < 1 || requestsBefore < 0) {
            throw new IllegalArgumentException("a unit has at least one request, and never less than none before");
        }
    }
}
