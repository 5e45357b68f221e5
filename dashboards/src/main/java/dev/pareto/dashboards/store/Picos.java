package dev.pareto.dashboards.store;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Exact amounts as whole numbers of 10^-12 units, the form in which the store keeps them. */
public final class Picos {

    /** Decimal places of an amount. */
    public static final int SCALE = 12;

    /** Sums are taken in two halves at this boundary, because a sum of whole picos may outgrow 64 bits at 9.2 million. */
    public static final long HALF = 1_000_000L;

    private Picos() {}

    /**
     * The amount in picos.
     *
     * @throws IllegalArgumentException when it has more than 12 decimals or lies beyond 9.2 million
     */
    public static long of(BigDecimal amount) {
        try {
            // an exponent beyond all bounds must not be written out
            return Money.isBounded(amount) ? amount.movePointRight(SCALE).longValueExact() : refuse(amount, null);
        } catch (ArithmeticException e) {
            return refuse(amount, e);
        }
    }

    private static long refuse(BigDecimal amount, @Nullable ArithmeticException why) {
        throw new IllegalArgumentException("the amount " + amount
                + " does not fit the ledger: at most 12 decimals and at most 9.2 million", why);
    }

    /** The amount of so many picos, at scale 12. */
    public static BigDecimal toAmount(long picos) {
        return BigDecimal.valueOf(picos, SCALE);
    }

    /** The amount of a sum that was taken in halves: {@code SUM(p / HALF)} and {@code SUM(p % HALF)}. */
    public static BigDecimal toAmount(long high, long low) {
        return new BigDecimal(BigInteger.valueOf(high).multiply(BigInteger.valueOf(HALF)).add(BigInteger.valueOf(low)),
                SCALE);
    }

    /** The amount of a sum that {@link PicoSums} asked for under a name. */
    public static BigDecimal sum(ResultSet row, String name) throws SQLException {
        return sum(row.getLong(name + "_high"), row.getBigDecimal(name + "_low"));
    }

    /** The same of a row that outlives its query. */
    public static BigDecimal sum(Row row, String name) {
        return sum(row.getLong(name + "_high"), row.getBigDecimal(name + "_low"));
    }

    private static BigDecimal sum(long high, BigDecimal low) {
        return new BigDecimal(BigInteger.valueOf(high).multiply(BigInteger.valueOf(HALF)).add(low.toBigIntegerExact()),
                SCALE);
    }

    /** SQL for the sum of a column of picos that any store understands; for few rows. */
    public static String sum(String picos, String name) {
        return PicoSums.HALVES.of(picos, name);
    }
}
