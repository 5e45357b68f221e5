package dev.pareto.policies.price;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stated price of models on own machines: nothing per token, and the machine's time where its rate is known. */
public final class EmbeddedPrices {

    private static final BigDecimal SECONDS_AN_HOUR = BigDecimal.valueOf(3_600);

    private EmbeddedPrices() {}

    /** An explicit version of zero, which is not the same as no price. */
    public static PriceVersion zeroRated(String sku) {
        return version(sku + ":standard:zero-rated", sku, "USD", tokens(), CostSource.ZERO_RATED,
                "stated: no charge per token inside the gateway's own process");
    }

    /** Paid by the second that a request holds the machine, see {@link Buckets#GPU_SECOND}; its tokens cost nothing more. */
    public static PriceVersion byTheHour(String sku, Money ratePerHour) {
        SortedMap<String, UnitPrice> prices = tokens();
        prices.put(Buckets.GPU_SECOND, new UnitPrice(ratePerHour.amount().stripTrailingZeros(), SECONDS_AN_HOUR));
        return version(sku + ":standard:hourly-" + ratePerHour.plain(), sku, ratePerHour.currency(), prices,
                CostSource.AMORTISED, "own hardware at " + ratePerHour + " an hour");
    }

    private static PriceVersion version(String id, String sku, String currency, SortedMap<String, UnitPrice> prices,
            CostSource basis, String source) {
        return new PriceVersion(id, sku, PriceVersion.STANDARD, Instant.EPOCH, null, currency,
                List.of(new PriceBand(0, List.of(), prices)), new TreeMap<>(), basis, source);
    }

    private static SortedMap<String, UnitPrice> tokens() {
        UnitPrice free = UnitPrice.perMillion("0");
        SortedMap<String, UnitPrice> prices = new TreeMap<>();
        List.of(Buckets.INPUT, Buckets.CACHE_READ, Buckets.CACHE_WRITE, Buckets.OUTPUT)
                .forEach(bucket -> prices.put(bucket, free));
        return prices;
    }
}
