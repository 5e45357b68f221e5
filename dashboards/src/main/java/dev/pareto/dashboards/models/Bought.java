package dev.pareto.dashboards.models;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was bought of one bucket at one price.
 *
 * @param key values of what it was read by
 * @param priceVersion empty where none was used
 * @param price what was paid; null for lines without one, such as reservations
 * @param lines how many charge lines
 * @param unpriced of these, how many have no known cost
 * @param cost of the others
 * @param list the same at the vendor's list, as far as that is known
 * @param listed what those did cost whose list cost is known
 */
record Bought(List<String> key, String model, String bucket, String priceVersion, @Nullable UnitPrice price,
        BigDecimal quantity, long lines, long unpriced, Amount cost, Amount list,
        Amount listed) {

    Bought {
        key = List.copyOf(key);
    }

    Bought plus(Bought other) {
        return new Bought(key, model, bucket, priceVersion, price, quantity.add(other.quantity), lines + other.lines,
                unpriced + other.unpriced, cost.plus(other.cost), list.plus(other.list),
                listed.plus(other.listed));
    }

    /** The cost at list; null where that is known of none of it. */
    @Nullable
    Amount knownList() {
        return knownList(list, listed, cost);
    }

    /** @param listed the part of {@code cost} whose list cost is known */
    static @Nullable Amount knownList(Amount list, Amount listed, Amount cost) {
        return listed.value().signum() == 0 && cost.value().signum() != 0 && list.value().signum() == 0 ? null : list;
    }

    /** What so many units cost at a price, half-even at scale 12. */
    static Amount at(UnitPrice price, BigDecimal quantity) {
        return new Amount(
                quantity.multiply(price.price()).divide(price.per(), Money.SCALE, RoundingMode.HALF_EVEN));
    }

    /** An amount for each million of something; null for none. */
    static @Nullable Amount perMillion(Amount amount, BigDecimal quantity) {
        return quantity.signum() == 0
                ? null
                : new Amount(amount.value()
                        .multiply(UnitPrice.MILLION)
                        .divide(quantity, Money.SCALE, RoundingMode.HALF_EVEN));
    }

    /** A part of a whole at four decimals; null of nothing. */
    static @Nullable BigDecimal share(BigDecimal part, BigDecimal whole) {
        return whole.signum() == 0 ? null : part.divide(whole, 4, RoundingMode.HALF_EVEN);
    }
}
