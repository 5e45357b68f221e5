package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An exact amount of one currency, at scale 12 (pico-units).
 *
 * @param amount the amount; an amount that needs more than twelve decimals is refused, see {@link #rounded}
 * @param currency an ISO 4217 code, e.g. {@code USD}
 */
public record Money(BigDecimal amount, String currency) implements Comparable<Money> {

    /** Decimals kept: the smallest token price of 2026 (0.0028 USD a million) needs ten. */
    public static final int SCALE = 12;
    private static final int MOST_SCALE = 100;

    public Money {
        requireNonNull(amount, "amount is null");
        requireNonNull(currency, "currency is null");
        if (currency.length() != 3 || !capital(currency, 0) || !capital(currency, 1) || !capital(currency, 2)) {
            throw new IllegalArgumentException("currency must be a three-letter ISO code, got '" + currency + "'");
        }
        if (!isBounded(amount)) {
            throw new IllegalArgumentException("amount " + amount + " is beyond all bounds");
        }
        if (amount.scale() > SCALE && amount.stripTrailingZeros().scale() > SCALE) {
            throw new IllegalArgumentException("amount " + amount.toPlainString() + " needs more than 12 decimals");
        }
        amount = amount.setScale(SCALE, RoundingMode.UNNECESSARY);
    }

    /** Whether its digits can be written out: a few letters such as 1e999999999 say a number of a gigabyte. */
    public static boolean isBounded(BigDecimal amount) {
        return Math.abs((long) amount.scale()) <= MOST_SCALE && amount.precision() <= MOST_SCALE;
    }

    private static boolean capital(String text, int at) {
        return text.charAt(at) >= 'A' && text.charAt(at) <= 'Z';
    }

    public static Money usd(String amount) {
        return new Money(new BigDecimal(amount), "USD");
    }

    public static Money zero(String currency) {
        return new Money(BigDecimal.ZERO, currency);
    }

    /** Rounds half-even to scale 12; only time-based costs need it, token costs are finite. */
    public static Money rounded(BigDecimal amount, String currency) {
        return new Money(amount.setScale(SCALE, RoundingMode.HALF_EVEN), currency);
    }

    public Money plus(Money other) {
        return new Money(amount.add(sameCurrency(other).amount), currency);
    }

    public Money minus(Money other) {
        return new Money(amount.subtract(sameCurrency(other).amount), currency);
    }

    /** Plain decimal digits without trailing zeros: {@code 0.0075}, {@code 0}; never an exponent. */
    public String plain() {
        return plain(amount);
    }

    /** The same rule for any decimal, so that every page and file prints numbers alike. */
    public static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /** For people: half-even to the currency's own smallest coin, e.g. {@code 0.05 EUR}. Never to be added up. */
    public String display() {
        return amount.setScale(minorDigits(), RoundingMode.HALF_EVEN).toPlainString() + " " + currency;
    }

    /** How many decimals the currency's smallest coin has; two where nobody knows the currency. */
    int minorDigits() {
        try {
            return Math.max(0, java.util.Currency.getInstance(currency).getDefaultFractionDigits());
        } catch (IllegalArgumentException unknown) {
            return 2;
        }
    }

    @Override
    public int compareTo(Money other) {
        return amount.compareTo(sameCurrency(other).amount);
    }

    @Override
    public String toString() {
        return plain() + " " + currency;
    }

    private Money sameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("cannot mix " + currency + " with " + other.currency);
        }
        return other;
    }
}
