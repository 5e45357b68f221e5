package dev.pareto.dashboards.reconcile;

import static java.util.Objects.requireNonNull;

import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A line of a vendor's own account of a UTC day.
 *
 * @param account project or workspace; null when the vendor does not tell
 * @param lineItem in the vendor's words
 * @param model the vendor's name of it; null when the line is about none, or about one that cannot be told
 * @param bucket what was used, in our words; null when it cannot be told
 * @param quantity of the bucket; null when the vendor does not tell
 */
public record VendorCost(LocalDate day, @Nullable String account, String lineItem, @Nullable String model,
        @Nullable String bucket, @Nullable BigDecimal quantity, Money amount) {

    public VendorCost {
        requireNonNull(day, "day is null");
        requireNonNull(lineItem, "lineItem is null");
        Picos.of(amount.amount());
    }
}
