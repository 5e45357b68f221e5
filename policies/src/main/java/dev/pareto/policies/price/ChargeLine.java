package dev.pareto.policies.price;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of a bill.
 *
 * @param bucket what was used
 * @param quantity how much, above zero
 * @param unitPrice null when no price is known
 * @param per how many units the price buys; null when no price is known
 * @param cost its part of what is billed, at scale 12: see {@link #exact} for all decimals; null when no price is known
 */
public record ChargeLine(String bucket, BigDecimal quantity, @Nullable BigDecimal unitPrice, @Nullable BigDecimal per,
        @Nullable BigDecimal cost) {

    private static final Set<String> TIME = Set.of(Buckets.AUDIO_SECOND, Buckets.VIDEO_SECOND,
            Buckets.CODE_EXEC_SECOND, Buckets.GPU_SECOND);

    static ChargeLine of(String bucket, BigDecimal quantity, UnitPrice unit) {
        BigDecimal cost = exact(bucket, quantity, unit.price(), unit.per()).setScale(Money.SCALE,
                RoundingMode.HALF_EVEN);
        return new ChargeLine(bucket, quantity, unit.price(), unit.per(), cost);
    }

    ChargeLine costing(BigDecimal part) {
        return new ChargeLine(bucket, quantity, unitPrice, per, part);
    }

    /**
     * quantity x unitPrice / per with every decimal. Half-even at scale 12 where that has no end and for what is sold by the second;
     * null when no price is known.
     */
    public @Nullable BigDecimal exact() {
        return unitPrice == null || per == null ? null : exact(bucket, quantity, unitPrice, per);
    }

    private static BigDecimal exact(String bucket, BigDecimal quantity, BigDecimal price, BigDecimal per) {
        BigDecimal all = quantity.multiply(price);
        BigDecimal rounded = all.divide(per, Money.SCALE, RoundingMode.HALF_EVEN);
        if (TIME.contains(bucket) || rounded.multiply(per).compareTo(all) == 0) {
            return rounded;
        }
        try {
            return all.divide(per);
        } catch (ArithmeticException endless) {
            return rounded;
        }
    }
}
