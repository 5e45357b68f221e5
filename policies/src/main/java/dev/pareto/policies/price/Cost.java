package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What some usage costs.
 *
 * @param lines one for each bucket with a quantity
 * @param total null exactly when a price is missing, never zero in its place
 * @param status whether every line has a price
 * @param priceVersion the id of the version used; null when there is none
 */
public record Cost(List<ChargeLine> lines, @Nullable Money total, PriceStatus status, @Nullable String priceVersion) {

    public Cost {
        lines = List.copyOf(lines);
        requireNonNull(status, "status is null");
        if ((total == null) != (status == PriceStatus.MISSING)) {
            throw new IllegalArgumentException(
                    "a cost has a total exactly when it is priced, got " + total + " and " + status);
        }
    }

    /** Nothing was used and nothing is owed, e.g. a refusal before generation or a cache hit. */
    public static Cost nothing(String currency) {
        return new Cost(List.of(), Money.zero(currency), PriceStatus.PRICED, null);
    }
}
