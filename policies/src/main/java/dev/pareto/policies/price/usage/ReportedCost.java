package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a vendor says that an answer cost, where it says so: OpenRouter's {@code usage.cost}, Perplexity's
 * {@code usage.cost.total_cost}, xAI's {@code usage.cost_in_usd_ticks}, in US dollars. It is what will be billed; the list cost is
 * kept beside it.
 */
public final class ReportedCost {

    private static final int TICKS_DECIMALS = 10;
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

    private ReportedCost() {}

    /**
     * @param usageRaw as for {@link UsageNormaliser#normalise}
     * @return null when the vendor reports none
     * @throws IllegalArgumentException when what it reports is no amount of money
     */
    public static @Nullable Money of(JsonNode usageRaw) {
        JsonNode usage = Unwrap.usage(usageRaw);
        BigDecimal ticks = amount(usage.path("cost_in_usd_ticks"));
        if (ticks != null) {
            return money(ticks.movePointLeft(TICKS_DECIMALS));
        }
        BigDecimal cost = usage.path("cost").isObject()
                ? amount(usage.path("cost").path("total_cost"))
                : amount(usage.path("cost"));
        return cost == null ? null : money(cost);
    }

    private static Money money(BigDecimal amount) {
        if (amount.signum() < 0 || amount.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("the vendor reports a cost of " + amount + " USD");
        }
        return new Money(amount.setScale(Money.SCALE, RoundingMode.HALF_EVEN), "USD");
    }

    private static @Nullable BigDecimal amount(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (node.isNumber() && (!(node.isDouble() || node.isFloat()) || Double.isFinite(node.doubleValue()))) {
            BigDecimal value = node.decimalValue();
            if (Math.abs((long) value.scale()) <= 40) {
                return value;
            }
        } else if (node.isString() && node.stringValue().matches("\\d{1,12}(\\.\\d{1,30})?")) {
            return new BigDecimal(node.stringValue());
        }
        throw new IllegalArgumentException("the vendor reports a cost that is no number");
    }
}
