package dev.pareto.dashboards.prices;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What was used of each thing sold at each price, in some time. */
final class UsedQuantities {

    private final Map<Key, BigDecimal> quantities = new HashMap<>();
    private final Map<String, Amount> spend = new HashMap<>();

    /** A unit price is compared for one unit, at 18 decimals. */
    private record Key(String sku, String tier, String bucket, BigDecimal unit) {}

    /** Whole days come from the sums by day, the hours at both ends from those by hour. */
    UsedQuantities(JdbcClient reads, Instant from, Instant to) {
        long start = Micros.of(from);
        long end = Micros.of(to);
        long firstDay = Math.min(end, Micros.dayOf(start + Micros.DAY - 1));
        long endOfDays = Math.max(firstDay, Micros.dayOf(end));
        read(reads, "rollup_line", start, firstDay);
        read(reads, "rollup_price_day", firstDay, endOfDays);
        read(reads, "rollup_line", endOfDays, end);
    }

    private void read(JdbcClient reads, String table, long from, long to) {
        reads.sql(
                "SELECT price_version, bucket, unit_price, per, SUM(quantity) AS quantity, SUM(quantity_nano) AS nano, "
                        + Picos.sum("cost_pico", "cost") + " FROM " + table
                        + " WHERE hour_us >= ? AND hour_us < ? AND simulated = 0 AND price_version <> '' AND unit_price <> ''"
                        + " GROUP BY price_version, bucket, unit_price, per")
                .params(from, to)
                .query(row -> {
                    String version = row.getString("price_version");
                    String sku = sku(version);
                    spend.merge(sku, new Amount(Picos.sum(row, "cost")), Amount::plus);
                    quantities.merge(
                            new Key(sku, tier(version), row.getString("bucket"),
                                    unit(new BigDecimal(row.getString("unit_price")),
                                            new BigDecimal(row.getString("per")))),
                            BigDecimal.valueOf(row.getLong("quantity")).add(BigDecimal.valueOf(row.getLong("nano"), 9)),
                            BigDecimal::add);
                });
    }

    Amount spend(String sku) {
        return spend.getOrDefault(sku, Amount.ZERO);
    }

    /** What it would have cost more at another price than at this one; empty when none was used at this one. */
    Optional<BigDecimal> effect(String sku, String tier, String bucket, BigDecimal before, BigDecimal after,
            BigDecimal per) {
        return Optional.ofNullable(quantities.get(new Key(sku, tier, bucket, unit(before, per))))
                .map(quantity -> after.subtract(before)
                        .multiply(quantity)
                        .divide(per, Money.SCALE, RoundingMode.HALF_EVEN));
    }

    private static BigDecimal unit(BigDecimal price, BigDecimal per) {
        return price.divide(per, 18, RoundingMode.HALF_EVEN);
    }

    /** A version is named {@code sku:tier:date}. */
    private static String sku(String version) {
        int tier = beforeTier(version);
        return tier < 0 ? version : version.substring(0, tier);
    }

    private static String tier(String version) {
        int tier = beforeTier(version);
        return tier < 0 ? "" : version.substring(tier + 1, version.lastIndexOf(':'));
    }

    private static int beforeTier(String version) {
        int date = version.lastIndexOf(':');
        return date < 0 ? -1 : version.lastIndexOf(':', date - 1);
    }
}
