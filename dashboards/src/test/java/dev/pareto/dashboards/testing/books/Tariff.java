package dev.pareto.dashboards.testing.books;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The prices of a price book as whole picos a unit, so that ten million rows are costed in seconds; the figures are those of
 * {@link dev.pareto.policies.price.CostCalculator}, which a test checks. Prices are looked up once an hour.
 */
final class Tariff {

    private final PriceBook book;
    private final Map<String, @Nullable Prices> ofHour = new HashMap<>();
    private final IdentityHashMap<PriceBand, Rates> rates = new IdentityHashMap<>();
    private Instant hour = Instant.EPOCH;

    Tariff(PriceBook book) {
        this.book = book;
    }

    private record Prices(PriceVersion list, PriceVersion agreed) {}

    private record Rate(long picos, String unit, String per) {}

    private record Rates(Map<String, Rate> of) {}

    /** Prices of this hour hold from now on. */
    void at(Instant newHour) {
        hour = newHour;
        ofHour.clear();
    }

    boolean sells(String sku) {
        return prices(sku, PriceVersion.STANDARD) != null;
    }

    boolean sells(String sku, String tier) {
        return prices(sku, tier) != null;
    }

    /** Whether it bills prompts that it remembers, and what it writes down to do so. */
    boolean caches(String sku, String tier) {
        Prices prices = prices(sku, tier);
        return prices != null && rates(prices.agreed(), Tokens.NONE).of().containsKey(Buckets.CACHE_READ);
    }

    boolean billsWrites(String sku, String tier) {
        Prices prices = prices(sku, tier);
        Map<String, Rate> of = prices == null ? Map.of() : rates(prices.agreed(), Tokens.NONE).of();
        return of.containsKey(Buckets.CACHE_WRITE) || of.containsKey(Buckets.CACHE_WRITE_5M);
    }

    /** What it costs by list and by contract; unpriced lines where nobody knows the price. */
    Charge charge(String sku, String tier, Tokens tokens) {
        Prices prices = prices(sku, tier);
        if (prices == null) {
            return new Charge(null, null, null, null, "unpriced", null, null, unpriced(tokens));
        }
        Rates list = rates(prices.list(), tokens);
        Rates agreed = rates(prices.agreed(), tokens);
        List<Line> lines = new ArrayList<>(4);
        add(lines, Buckets.CACHE_READ, tokens.cacheRead(), list, agreed, prices.agreed().id());
        String write = agreed.of().containsKey(Buckets.CACHE_WRITE_5M) ? Buckets.CACHE_WRITE_5M : Buckets.CACHE_WRITE;
        add(lines, write, tokens.cacheWrite(), list, agreed, prices.agreed().id());
        add(lines, Buckets.INPUT, tokens.fresh(), list, agreed, prices.agreed().id());
        if (agreed.of().containsKey(Buckets.OUTPUT_REASONING)) {
            add(lines, Buckets.OUTPUT, tokens.output() - tokens.reasoning(), list, agreed, prices.agreed().id());
            add(lines, Buckets.OUTPUT_REASONING, tokens.reasoning(), list, agreed, prices.agreed().id());
        } else {
            add(lines, Buckets.OUTPUT, tokens.output(), list, agreed, prices.agreed().id());
        }
        if (agreed.of().containsKey(Buckets.REQUEST)) {
            add(lines, Buckets.REQUEST, 1, list, agreed, prices.agreed().id());
        }
        lines.sort((a, b) -> Buckets.ORDER.compare(a.bucket(), b.bucket()));
        long cost = 0;
        long published = 0;
        for (Line line : lines) {
            cost += line.cost() == null ? 0 : line.cost();
            published += line.list() == null ? 0 : line.list();
        }
        return new Charge(cost, published, cost, null, prices.agreed().basis().id(), prices.agreed().id(),
                prices.list().id(), lines);
    }

    private static void add(List<Line> lines, String bucket, long quantity, Rates list, Rates agreed, String version) {
        Rate rate = agreed.of().get(bucket);
        if (quantity == 0) {
            return;
        }
        if (rate == null) {
            throw new IllegalArgumentException(version + " has no price for " + bucket);
        }
        Rate published = list.of().get(bucket);
        long cost = quantity * rate.picos();
        lines.add(new Line(bucket, quantity, rate.unit(), rate.per(), cost, version,
                published == null ? null : published.unit(), published == null ? null : published.per(),
                published == null ? null : (Long) (quantity * published.picos()), cost));
    }

    private static List<Line> unpriced(Tokens tokens) {
        return List.of(new Line(Buckets.INPUT, tokens.prompt(), null, null, null, null, null, null, null, null),
                new Line(Buckets.OUTPUT, tokens.output(), null, null, null, null, null, null, null, null));
    }

    private @Nullable Prices prices(String sku, String tier) {
        String key = tier.equals(PriceVersion.STANDARD) ? sku : sku + " " + tier;
        return ofHour.computeIfAbsent(key, missing -> {
            PriceVersion list = book.list(sku, tier, hour).orElse(null);
            PriceVersion agreed = book.at(sku, tier, hour).orElse(null);
            return list == null || agreed == null ? null : new Prices(list, agreed);
        });
    }

    private Rates rates(PriceVersion version, Tokens tokens) {
        PriceBand band = version.bands().size() == 1
                ? version.bands().getFirst()
                : version.band(tokens.prompt(), hour);
        return rates.computeIfAbsent(band, Tariff::rates);
    }

    private static Rates rates(PriceBand band) {
        Map<String, Rate> rates = new HashMap<>();
        band.prices().forEach((bucket, price) -> rates.put(bucket, rate(price)));
        return new Rates(rates);
    }

    private static Rate rate(UnitPrice price) {
        // What is sold by the second is not exact in picos; the generator sells only tokens and requests.
        BigDecimal[] each = price.price().movePointRight(Money.SCALE).divideAndRemainder(price.per());
        return new Rate(each[1].signum() == 0 ? each[0].longValueExact() : 0, Money.plain(price.price()),
                Money.plain(price.per()));
    }
}
