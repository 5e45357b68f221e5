package dev.pareto.dashboards.budget;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Money;
import java.time.Instant;

/**
 * Money that a person granted once beside a budget's amount. It counts in the period in which it was granted, until it expires.
 *
 * @param by who granted it
 */
public record TopUp(String id, String budget, Money amount, String reason, String by, Instant grantedAt,
        Instant expires) {

    private static final int MOST_CHARACTERS = 500;

    public TopUp {
        requireNonNull(id, "id is null");
        requireNonNull(budget, "budget is null");
        if (amount.amount().signum() <= 0) {
            throw new IllegalArgumentException("a top-up is more than nothing, not " + amount);
        }
        requireTold(reason, "reason", "why it is granted");
        requireTold(by, "by", "who grants it");
        if (!expires.isAfter(grantedAt)) {
            throw new IllegalArgumentException("a top-up expires after it is granted, not at " + expires);
        }
    }

    private static void requireTold(String text, String field, String what) {
        if (text.isBlank() || text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "'" + field + "' says " + what + ", in 1 to " + MOST_CHARACTERS + " characters");
        }
    }

    /** Whether it may be spent at an instant. */
    public boolean holds(Instant at) {
        return !at.isBefore(grantedAt) && at.isBefore(expires);
    }
}
