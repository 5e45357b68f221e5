package dev.pareto.policies.price;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns usage into a bill. Stateless. Quantity x price / per is exact and added up exactly; only the sum is rounded, half-even, where
 * it has more than the ledger's twelve decimals, and the lines share what that leaves. {@link Cost#exact} keeps every decimal.
 */
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
        PriceBand band = price.band(billable.contextTokens(), when);
        List<ChargeLine> lines = new ArrayList<>();
        boolean missing = !billable.unknown().isEmpty();
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
            lines.add(ChargeLine.of(entry.getKey(), entry.getValue(), unit));
        }
        return missing
                ? new Cost(lines, null, PriceStatus.MISSING, price.id())
                : Cost.of(lines, price);
    }

    /**
     * The cost in each sense: by list, by contract, and in the vendor's own words.
     *
     * @param serviceTier in the price book's words, see {@link ServiceTiers}
     * @param reported what the vendor says; null when it does not
     */
    public Bill bill(Usage usage, PriceBook book, String sku, String serviceTier, Instant when,
            @Nullable Money reported) {
        PriceVersion list = book.list(sku, serviceTier, when).orElse(null);
        PriceVersion agreed = book.at(sku, serviceTier, when).orElse(null);
        return new Bill(cost(usage, list, when), cost(usage, agreed, when), reported,
                agreed == null ? null : agreed.basis());
    }

    /**
     * The buckets as this price bills them: tokens of a kind leave the common bucket where they are priced apart and return to it
     * where they are not, a fee per request is added, and minimum quantities are applied. Audio never falls into text, nor a
     * cached token among the fresh ones: what has no price of its own there is unpriced.
     */
    public Usage billable(Usage usage, PriceVersion price, Instant when) {
        SortedMap<String, UnitPrice> prices = price.band(usage.contextTokens(), when).prices();
        Map<String, BigDecimal> quantities = new TreeMap<>(usage.quantities());
        output(usage, prices, quantities);
        unlessPriced(Buckets.OUTPUT_REASONING, Buckets.OUTPUT, prices, quantities);
        if (!prices.containsKey(Buckets.INPUT_IMAGE)) {
            unlessPriced(Buckets.CACHE_READ_IMAGE, Buckets.CACHE_READ, prices, quantities);
        }
        unlessPriced(Buckets.INPUT_IMAGE, Buckets.INPUT, prices, quantities);
        unlessPriced(Buckets.INPUT_VIDEO, Buckets.INPUT, prices, quantities);
        // A cache that lives five minutes is the plain one where a vendor has no other.
        instead(Buckets.CACHE_WRITE, Buckets.CACHE_WRITE_5M, prices, quantities);
        instead(Buckets.CACHE_WRITE_5M, Buckets.CACHE_WRITE, prices, quantities);
        if (prices.containsKey(Buckets.REQUEST)) {
            quantities.putIfAbsent(Buckets.REQUEST, BigDecimal.ONE);
        }
        price.minimums()
                .forEach(
                        (bucket, least) -> quantities.computeIfPresent(bucket,
                                (name, quantity) -> quantity.max(least)));
        return usage.with(quantities);
    }

    private static void output(Usage usage, SortedMap<String, UnitPrice> prices, Map<String, BigDecimal> quantities) {
        // Where reasoning is counted beside the output it is no part of it.
        BigDecimal reasoning = quantities.containsKey(Buckets.OUTPUT_REASONING)
                ? BigDecimal.ZERO
                : usage.information().getOrDefault(Usage.REASONING_TOKENS, BigDecimal.ZERO);
        BigDecimal output = usage.quantity(Buckets.OUTPUT);
        if (imagesAreNotCounted(usage, prices)) {
            BigDecimal text = usage.information().getOrDefault(Usage.OUTPUT_TEXT_TOKENS, BigDecimal.ZERO);
            BigDecimal written = reasoning.add(text).min(output);
            if (output.compareTo(written) > 0) {
                quantities.put(Buckets.OUTPUT_IMAGE, output.subtract(written));
                quantities.put(Buckets.OUTPUT, written);
                output = written;
            }
        }
        if (prices.containsKey(Buckets.OUTPUT_REASONING) && reasoning.signum() > 0) {
            BigDecimal moved = reasoning.min(output);
            quantities.put(Buckets.OUTPUT, output.subtract(moved));
            quantities.put(Buckets.OUTPUT_REASONING, moved);
        }
    }

    private static void unlessPriced(String bucket, String common, SortedMap<String, UnitPrice> prices,
            Map<String, BigDecimal> quantities) {
        if (!prices.containsKey(bucket)) {
            BigDecimal quantity = quantities.remove(bucket);
            if (quantity != null) {
                quantities.merge(common, quantity, BigDecimal::add);
            }
        }
    }

    private static void instead(String bucket, String other, SortedMap<String, UnitPrice> prices,
            Map<String, BigDecimal> quantities) {
        if (prices.containsKey(other)) {
            unlessPriced(bucket, other, prices, quantities);
        }
    }

    /** An image model that tells reasoning or text but no image tokens: what is neither is image. */
    private static boolean imagesAreNotCounted(Usage usage, SortedMap<String, UnitPrice> prices) {
        return prices.containsKey(Buckets.OUTPUT_IMAGE) && !usage.quantities().containsKey(Buckets.OUTPUT_IMAGE)
                && (usage.information().containsKey(Usage.REASONING_TOKENS)
                        || usage.information().containsKey(Usage.OUTPUT_TEXT_TOKENS));
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
