package dev.pareto.dashboards.budget;

import java.math.BigDecimal;

/**
 * What some calls took of a budget.
 *
 * @param spent the cost of those that ended
 * @param unpriced how many of those that ended have no known cost; they are in no sum
 * @param reserved the worst case of those under way
 * @param open how many are under way
 * @param openUnpriced how many of those under way have no known worst case
 */
public record Taken(BigDecimal spent, long unpriced, BigDecimal reserved, long open, long openUnpriced) {

    public static final Taken NOTHING = new Taken(BigDecimal.ZERO, 0, BigDecimal.ZERO, 0, 0);

    Taken plus(Taken other) {
        return new Taken(spent.add(other.spent), unpriced + other.unpriced, reserved.add(other.reserved),
                open + other.open, openUnpriced + other.openUnpriced);
    }
}
