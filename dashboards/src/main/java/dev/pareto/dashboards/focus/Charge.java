package dev.pareto.dashboards.focus;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Charge lines of one kind in one hour, or one charge line.
 *
 * @param start the hour, or the call's start
 * @param attemptId of one charge line; null for many
 * @param tags of one charge line, as JSON; null for many
 * @param list at the vendor's list; null where it is not known
 * @param unitPrice by contract, for {@code per} units; null where there is no price
 */
record Charge(Instant start, @Nullable String attemptId, @Nullable String tags, String tenant, String route,
        String model, String vendor, String role, boolean simulated, String currency, String bucket,
        @Nullable String priceVersion, @Nullable BigDecimal unitPrice, @Nullable BigDecimal per, long lines,
        BigDecimal quantity, Amount billed, @Nullable Amount list, Amount contracted) {

    /** What a list price is not known for: the specification takes no empty cost, and a cost of nothing would be a lie. */
    Amount listOrContracted() {
        return list == null ? contracted : list;
    }
}
