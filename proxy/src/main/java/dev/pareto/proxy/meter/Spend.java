package dev.pareto.proxy.meter;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt used and cost, for meters.
 *
 * @param billed null when it is unknown
 * @param baseline what the baseline would have cost; null keeps the attempt out of the savings
 */
record Spend(Model model, AttemptRole role, AttemptState state, @Nullable Usage usage, UsageSource source,
        @Nullable Money billed, @Nullable Money baseline) {

    private static final String BOOK = "USD";

    boolean estimated() {
        return source == UsageSource.ESTIMATED || source == UsageSource.ESTIMATED_PARTIAL;
    }

    /** In the book's currency; zero where it is unknown or in another, which {@code pareto.unpriced} and the books tell. */
    double cost() {
        return amount(billed);
    }

    double baselineCost() {
        return amount(baseline);
    }

    boolean isCompared() {
        return billed != null && baseline != null && billed.currency().equals(baseline.currency());
    }

    /** Tokens by the kinds that boards draw. */
    Map<String, Double> tokens() {
        return usage == null
                ? Map.of()
                : Map.of("input", sum(usage, Buckets.INPUT), "cache_read", sum(usage, Buckets.CACHE_READ),
                        "cache_write",
                        sum(usage, Buckets.CACHE_WRITE), "output", sum(usage, Buckets.OUTPUT));
    }

    /** A kind with all its finer buckets. */
    private static double sum(Usage usage, String kind) {
        return usage.quantities()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().startsWith(kind) && Buckets.isToken(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .doubleValue();
    }

    private static double amount(@Nullable Money money) {
        return money == null || !money.currency().equals(BOOK) ? 0 : money.amount().doubleValue();
    }
}
