package dev.pareto.dashboards.models;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lays one model's tokens at another's price: exact by buckets, and nothing but arithmetic on lists. */
final class WhatIfs {

    private WhatIfs() {}

    /** A price and the bucket that it is the price of. */
    private record Found(String bucket, UnitPrice price) {}

    /**
     * @param instead the model whose price in force now is laid on, for prompts of any size at any hour
     * @throws IllegalArgumentException when it has none, or one by the hour
     */
    static ModelPrices.WhatIf at(List<Bought> bought, String instead, Surroundings known, Instant now) {
        String sku = known.sku().apply(instead);
        PriceVersion version = known.prices()
                .at(sku, PriceVersion.STANDARD, now)
                .orElseThrow(() -> new IllegalArgumentException("no price of '" + ModelReport.shown(instead)
                        + "' is in force; ./pareto prices list shows what has one"));
        Map<String, UnitPrice> prices = version.bands().getFirst().prices();
        if (prices.containsKey(Buckets.GPU_SECOND)) {
            throw new IllegalArgumentException("the machines of '" + ModelReport.shown(instead)
                    + "' are paid by the hour, not by the token; the report of capacity lays them beside a vendor's price");
        }
        Map<String, Bought> buckets = new TreeMap<>(Buckets.ORDER);
        Amount leftOut = Amount.ZERO;
        for (Bought line : bought) {
            if (Buckets.isKnown(line.bucket())) {
                buckets.merge(line.bucket(), line, Bought::plus);
            } else {
                leftOut = leftOut.plus(line.cost());
            }
        }
        return whatIf(instead, sku, version, moved(buckets, prices), leftOut);
    }

    private static List<ModelPrices.Moved> moved(Map<String, Bought> buckets, Map<String, UnitPrice> prices) {
        List<ModelPrices.Moved> moved = new ArrayList<>();
        buckets.forEach((bucket, line) -> {
            if (bucket.equals(Buckets.GPU_SECOND)) {
                // the machine's time is what tokens cost here; there, tokens are paid for
                moved.add(new ModelPrices.Moved(bucket, bucket, line.quantity(), line.cost(), null, null, Amount.ZERO));
                return;
            }
            Found found = find(bucket, prices);
            moved.add(new ModelPrices.Moved(bucket, found == null ? bucket : found.bucket(), line.quantity(),
                    line.cost(), found == null ? null : found.price().price().toPlainString(),
                    found == null ? null : found.price().per().toPlainString(),
                    found == null ? null : Bought.at(found.price(), line.quantity())));
        });
        return moved;
    }

    /** Its own price there, or that of what it is a kind of: a vendor without a cache reads every token fresh. */
    private static @Nullable Found find(String bucket, Map<String, UnitPrice> prices) {
        List<String> kinds = new ArrayList<>(List.of(bucket));
        if (bucket.startsWith(Buckets.CACHE_WRITE)) {
            kinds.add(Buckets.CACHE_WRITE);
            kinds.add(Buckets.CACHE_WRITE_5M);
        }
        if (FreshPrices.isRead(bucket) || FreshPrices.isWritten(bucket)) {
            kinds.add(FreshPrices.fresh(bucket));
        }
        if (bucket.equals(Buckets.OUTPUT_REASONING)) {
            kinds.add(Buckets.OUTPUT);
        }
        for (String kind : kinds) {
            UnitPrice price = prices.get(kind);
            if (price != null) {
                return new Found(kind, price);
            }
        }
        return null;
    }

    private static ModelPrices.WhatIf whatIf(String instead, String sku, PriceVersion version,
            List<ModelPrices.Moved> moved, Amount leftOut) {
        Amount paid = Amount.ZERO;
        Amount would = Amount.ZERO;
        boolean whole = true;
        for (ModelPrices.Moved line : moved) {
            paid = paid.plus(line.paid());
            Amount there = line.would();
            whole &= there != null;
            would = there == null ? would : would.plus(there);
        }
        Amount difference = whole ? would.minus(paid) : null;
        BigDecimal change = difference == null ? null : difference.shareOf(paid);
        return new ModelPrices.WhatIf(instead, sku, version.id(), version.validFrom(), version.source(), moved, paid,
                whole ? would : null, difference, change, leftOut);
    }
}
