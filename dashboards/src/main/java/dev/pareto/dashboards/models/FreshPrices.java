package dev.pareto.dashboards.models;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What tokens read from a vendor's cache, or written to it, would have cost fresh: at the very version and band that charged them. A
 * version that the price book no longer has is told from the books' own lines, where these name one price alone.
 */
final class FreshPrices {

    private final PriceBook book;
    private final Map<String, Set<UnitPrice>> booked = new HashMap<>();

    /** @param lines of the period */
    FreshPrices(PriceBook book, Collection<Bought> lines) {
        this.book = book;
        for (Bought line : lines) {
            UnitPrice price = line.price();
            if (price != null && List.of(Buckets.INPUT, Buckets.INPUT_AUDIO, Buckets.INPUT_IMAGE)
                    .contains(line.bucket())) {
                booked.computeIfAbsent(key(line.priceVersion(), line.bucket()), key -> new HashSet<>())
                        .add(plain(price));
            }
        }
    }

    /** Empty when nobody can tell. */
    Optional<UnitPrice> of(Bought cached) {
        UnitPrice paid = cached.price();
        if (paid == null) {
            return Optional.empty();
        }
        String fresh = fresh(cached.bucket());
        Optional<UnitPrice> stated = book.version(cached.priceVersion())
                .flatMap(version -> band(version, cached.bucket(), paid))
                .map(band -> band.prices().get(fresh));
        return stated.or(() -> Optional.of(booked.getOrDefault(key(cached.priceVersion(), fresh), Set.of()))
                .filter(prices -> prices.size() == 1)
                .map(prices -> prices.iterator().next()));
    }

    private static Optional<PriceBand> band(PriceVersion version, String bucket, UnitPrice paid) {
        return version.bands()
                .stream()
                .filter(band -> band.prices().containsKey(bucket)
                        && plain(band.prices().get(bucket)).equals(plain(paid)))
                .findFirst();
    }

    /** The same price of as many units, in one form. */
    private static UnitPrice plain(UnitPrice price) {
        return new UnitPrice(price.perMillion().stripTrailingZeros(), UnitPrice.MILLION);
    }

    private static String key(String version, String bucket) {
        return version + " " + bucket;
    }

    static String fresh(String bucket) {
        return switch (bucket) {
            case Buckets.CACHE_READ_AUDIO -> Buckets.INPUT_AUDIO;
            case Buckets.CACHE_READ_IMAGE -> Buckets.INPUT_IMAGE;
            default -> Buckets.INPUT;
        };
    }

    static boolean isFresh(String bucket) {
        return bucket.equals(Buckets.INPUT) || bucket.equals(Buckets.INPUT_AUDIO)
                || bucket.equals(Buckets.INPUT_IMAGE);
    }

    static boolean isRead(String bucket) {
        return bucket.equals(Buckets.CACHE_READ) || bucket.equals(Buckets.CACHE_READ_AUDIO)
                || bucket.equals(Buckets.CACHE_READ_IMAGE);
    }

    static boolean isWritten(String bucket) {
        return bucket.equals(Buckets.CACHE_WRITE) || bucket.equals(Buckets.CACHE_WRITE_5M)
                || bucket.equals(Buckets.CACHE_WRITE_1H);
    }
}
