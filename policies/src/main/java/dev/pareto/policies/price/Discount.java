package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A share off a vendor's list, by contract. It is spelt out as contract versions of every list version that it touches, so that a
 * bill names the very price it used.
 *
 * @param name of the contract, e.g. {@code frame-2026}
 * @param vendor whose list
 * @param models the models it holds for, by the vendor's names; empty for all
 * @param tiers the service tiers it holds for; empty for all
 * @param share between 0 and 1, e.g. 0.12
 * @param validFrom the first moment, inclusive
 * @param validTo the end, exclusive; null while no end is known
 */
public record Discount(String name, String vendor, Set<String> models, Set<String> tiers, BigDecimal share,
        Instant validFrom, @Nullable Instant validTo) {

    public Discount {
        requireNonNull(name, "name is null");
        requireNonNull(vendor, "vendor is null");
        requireNonNull(validFrom, "validFrom is null");
        models = Set.copyOf(models);
        tiers = Set.copyOf(tiers);
        if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException(
                    "a discount is above 0 % and at most 100 %, got " + share.movePointRight(2) + " %");
        }
        if (validTo != null && !validTo.isAfter(validFrom)) {
            throw new IllegalArgumentException("contract " + name + " ends at " + validTo + ", before it begins");
        }
    }

    /**
     * The contract versions that this makes of list versions.
     *
     * @param list versions whose ends are known, see {@link PriceBook#periods}
     */
    public List<PriceVersion> of(List<PriceVersion> list) {
        return list.stream().filter(this::concerns).map(this::discounted).toList();
    }

    private boolean concerns(PriceVersion version) {
        String model = version.sku().startsWith(vendor + "/") ? version.sku().substring(vendor.length() + 1) : null;
        int region = model == null ? -1 : model.indexOf(PriceBook.REGION);
        String plain = model == null || region < 0 ? model : model.substring(0, region);
        return plain != null && version.basis() == CostSource.LIST && (models.isEmpty() || models.contains(plain))
                && (tiers.isEmpty() || tiers.contains(version.serviceTier()))
                && (validTo == null || version.validFrom().isBefore(validTo))
                && (version.validTo() == null || version.validTo().isAfter(validFrom));
    }

    private PriceVersion discounted(PriceVersion list) {
        BigDecimal factor = BigDecimal.ONE.subtract(share);
        List<PriceBand> bands = list.bands().stream().map(band -> {
            SortedMap<String, UnitPrice> prices = new TreeMap<>();
            band.prices().forEach((bucket, price) -> prices.put(bucket, price.times(factor)));
            return new PriceBand(band.fromPromptTokens(), band.hours(), prices);
        }).toList();
        Instant from = list.validFrom().isBefore(validFrom) ? validFrom : list.validFrom();
        Instant to = list.validTo() == null || (validTo != null && validTo.isBefore(list.validTo()))
                ? validTo
                : list.validTo();
        return new PriceVersion(list.id() + ":" + name, list.sku(), list.serviceTier(), from, to, list.currency(),
                bands,
                list.minimums(), CostSource.CONTRACT,
                "contract " + name + ", " + Money.plain(share.movePointRight(2)) + " % off " + list.id());
    }
}
