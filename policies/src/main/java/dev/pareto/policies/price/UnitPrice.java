package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * A price for a number of units, e.g. 2.5 per 1,000,000 tokens.
 *
 * @param price never negative; zero means free and was stated by somebody
 * @param per how many units the price buys, above zero
 */
public record UnitPrice(BigDecimal price, BigDecimal per) {

    public static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    public UnitPrice {
        requireNonNull(price, "price is null");
        requireNonNull(per, "per is null");
        if (price.signum() < 0) {
            throw new IllegalArgumentException("price is negative: " + price.toPlainString());
        }
        if (per.signum() <= 0) {
            throw new IllegalArgumentException("per must be above zero, got " + per.toPlainString());
        }
    }

    public static UnitPrice perMillion(String price) {
        return new UnitPrice(new BigDecimal(price), MILLION);
    }

    /** The same price with a factor on it, exact. */
    public UnitPrice times(BigDecimal factor) {
        return new UnitPrice(price.multiply(factor).stripTrailingZeros(), per);
    }

    /** What a million units cost, to twelve decimals; for comparing prices of different units. */
    public BigDecimal perMillion() {
        return price.multiply(MILLION).divide(per, Money.SCALE, java.math.RoundingMode.HALF_EVEN);
    }
}
