package dev.pareto.policies.price;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One line of a bill.
 *
 * @param bucket what was used
 * @param quantity how much, above zero
 * @param unitPrice null when no price is known
 * @param per how many units the price buys; null when no price is known
 * @param cost quantity x unitPrice / per at scale 12, exact for tokens; null when no price is known
 */
public record ChargeLine(String bucket, BigDecimal quantity, @Nullable BigDecimal unitPrice, @Nullable BigDecimal per,
        @Nullable BigDecimal cost) {}
