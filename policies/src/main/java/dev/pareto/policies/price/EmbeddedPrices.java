package dev.pareto.policies.price;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stated price of models inside this process: nothing per token, until their hardware is spread over its use. */
public final class EmbeddedPrices {

    private EmbeddedPrices() {}

    /** An explicit version of zero, which is not the same as no price. */
    public static PriceVersion zeroRated(String sku) {
        UnitPrice free = UnitPrice.perMillion("0");
        SortedMap<String, UnitPrice> prices = new TreeMap<>();
        List.of(Buckets.INPUT, Buckets.CACHE_READ, Buckets.CACHE_WRITE, Buckets.OUTPUT)
                .forEach(bucket -> prices.put(bucket, free));
        return new PriceVersion(sku + ":standard:zero-rated", sku, PriceVersion.STANDARD, Instant.EPOCH, null, "USD",
                List.of(new PriceBand(0, List.of(), prices)), new TreeMap<>(), CostSource.ZERO_RATED,
                "stated: no charge per token inside the gateway's own process");
    }
}
