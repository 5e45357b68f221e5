package dev.pareto.policies.price;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns usage into a bill. Stateless and exact: quantity x price / per, no rounding of token costs. */
public final class CostCalculator {

    /**
     * The cost at a price version. The context band is chosen once, from all prompt tokens, and holds for every bucket.
     *
     * @param price null when the price is unknown: the lines then carry quantities only and the total is null
     * @param when the start of the attempt, for prices by the hour
     */
    public Cost cost(Usage usage, @Nullable PriceVersion price, Instant when) {
        if (price == null) {
            return unpriced(usage);
        }
        Usage billable = billable(usage, price, when);
        PriceBand band = price.band(billable.promptTokens(), when);
        List<ChargeLine> lines = new ArrayList<>();
        BigDecimal total = BigDecimal.ZERO;
        boolean missing = false;
        for (Map.Entry<String, BigDecimal> entry : billable.quantities().entrySet()) {
            if (entry.getValue().signum() == 0) {
                continue;
            }
            UnitPrice unit = band.prices().get(entry.getKey());
            if (unit == null) {
                missing = true;
                lines.add(new ChargeLine(entry.getKey(), entry.getValue(), null, null, null));
                continue;
            }
            BigDecimal cost = entry.getValue()
                    .multiply(unit.price())
                    .divide(unit.per(), Money.SCALE,
                            RoundingMode.HALF_EVEN);
            total = total.add(cost);
            lines.add(new ChargeLine(entry.getKey(), entry.getValue(), unit.price(), unit.per(), cost));
        }
        return missing
                ? new Cost(lines, null, PriceStatus.MISSING, price.id())
                : new Cost(lines, new Money(total, price.currency()), PriceStatus.PRICED, price.id());
    }

    /**
     * The buckets as this price bills them: reasoning and image tokens leave {@code output} where they are priced apart, a fee
     * per request is added, and minimum quantities are applied.
     */
    public Usage billable(Usage usage, PriceVersion price, Instant when) {
        PriceBand band = price.band(usage.promptTokens(), when);
        Map<String, BigDecimal> quantities = new TreeMap<>(usage.quantities());
        BigDecimal reasoning = usage.information().getOrDefault(UsageNormaliser.REASONING_TOKENS, BigDecimal.ZERO);
        BigDecimal output = usage.quantity(Buckets.OUTPUT);
        if (band.prices().containsKey(Buckets.OUTPUT_REASONING) && reasoning.signum() > 0
                && !quantities.containsKey(Buckets.OUTPUT_REASONING)) {
            BigDecimal moved = reasoning.min(output);
            output = output.subtract(moved);
            quantities.put(Buckets.OUTPUT, output);
            quantities.put(Buckets.OUTPUT_REASONING, moved);
        } else if (imagesAreNotCounted(usage, band) && output.compareTo(reasoning) > 0) {
            quantities.put(Buckets.OUTPUT, reasoning);
            quantities.put(Buckets.OUTPUT_IMAGE, output.subtract(reasoning));
        }
        if (band.prices().containsKey(Buckets.REQUEST)) {
            quantities.putIfAbsent(Buckets.REQUEST, BigDecimal.ONE);
        }
        price.minimums()
                .forEach(
                        (bucket, least) -> quantities.computeIfPresent(bucket,
                                (name, quantity) -> quantity.max(least)));
        return new Usage(new TreeMap<>(quantities), usage.information(), usage.inconsistent());
    }

    /** An image model that reports reasoning but neither text nor image tokens: what is not reasoning is image. */
    private static boolean imagesAreNotCounted(Usage usage, PriceBand band) {
        return band.prices().containsKey(Buckets.OUTPUT_IMAGE) && !usage.quantities().containsKey(Buckets.OUTPUT_IMAGE)
                && usage.information().containsKey(UsageNormaliser.REASONING_TOKENS)
                && !usage.information().containsKey(UsageNormaliser.OUTPUT_TEXT_TOKENS);
    }

    private static Cost unpriced(Usage usage) {
        List<ChargeLine> lines = usage.quantities()
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue().signum() > 0)
                .map(entry -> new ChargeLine(entry.getKey(), entry.getValue(), null, null, null))
                .toList();
        return new Cost(lines, null, PriceStatus.MISSING, null);
    }
}
