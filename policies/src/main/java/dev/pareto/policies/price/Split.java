package dev.pareto.policies.price;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Divides an amount into parts that add up to it. Pure. */
public final class Split {

    private Split() {}

    /**
     * Parts by weight in whole coins of the currency, by the largest remainder; of equal remainders the earlier part gets the coin.
     *
     * @param weights never negative, at least one above zero
     * @throws IllegalArgumentException when the amount is no whole number of coins or the weights cannot be used
     */
    public static List<Money> byWeight(Money amount, List<BigDecimal> weights) {
        return parts(amount, weights, amount.minorDigits());
    }

    /**
     * The same in the smallest parts that money has here, so that any amount can be divided.
     *
     * @param weights never negative, at least one above zero
     */
    public static List<Money> exactly(Money amount, List<BigDecimal> weights) {
        return parts(amount, weights, Money.SCALE);
    }

    private static List<Money> parts(Money amount, List<BigDecimal> weights, int digits) {
        BigDecimal whole = weights.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        if (whole.signum() <= 0 || weights.stream().anyMatch(weight -> weight.signum() < 0)) {
            throw new IllegalArgumentException("weights must not be negative, and one must be above zero: " + weights);
        }
        BigDecimal coins = amount.amount().movePointRight(digits).stripTrailingZeros();
        if (coins.scale() > 0) {
            throw new IllegalArgumentException(amount + " is no whole number of its smallest coin");
        }
        BigDecimal sign = BigDecimal.valueOf(coins.signum());
        coins = coins.abs();
        List<BigDecimal> parts = new ArrayList<>();
        List<BigDecimal> remainders = new ArrayList<>();
        BigDecimal given = BigDecimal.ZERO;
        for (BigDecimal weight : weights) {
            BigDecimal share = coins.multiply(weight);
            BigDecimal part = share.divide(whole, 0, RoundingMode.DOWN);
            parts.add(part);
            remainders.add(share.subtract(part.multiply(whole)));
            given = given.add(part);
        }
        IntStream.range(0, parts.size())
                .boxed()
                .sorted(Comparator.comparing(remainders::get, Comparator.reverseOrder()))
                .limit(coins.subtract(given).longValueExact())
                .forEach(index -> parts.set(index, parts.get(index).add(BigDecimal.ONE)));
        return parts.stream()
                .map(part -> new Money(part.multiply(sign).movePointLeft(digits), amount.currency()))
                .toList();
    }
}
