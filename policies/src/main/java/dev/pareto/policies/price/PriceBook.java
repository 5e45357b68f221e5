package dev.pareto.policies.price;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every known price version, immutable and safe to share; refuses two versions that hold at the same moment. What an organisation
 * agreed with a vendor ({@link CostSource#CONTRACT}) lies beside the list and beats it.
 */
public final class PriceBook {

    /** Stands between a thing sold and the region that it is sold in at other prices: {@code anthropic/claude-opus-5@us}. */
    public static final String REGION = "@";

    private final Map<Key, NavigableMap<Instant, PriceVersion>> list = new HashMap<>();
    private final Map<Key, NavigableMap<Instant, PriceVersion>> contracts = new HashMap<>();
    private final Map<String, PriceVersion> byId = new HashMap<>();
    /** By thing sold, then by tier: what holds when, contracts before the list. */
    private final Map<String, Map<String, Line>> lines = new HashMap<>();
    private final Set<String> skus;

    private record Key(String sku, String serviceTier) {}

    /** The versions of one thing at one tier, each list by date, as decisions look them up. */
    private record Line(List<TokenPrices> contracts, List<TokenPrices> list) {

        static @Nullable TokenPrices at(List<TokenPrices> versions, Instant when) {
            for (int i = versions.size() - 1; i >= 0; i--) {
                TokenPrices one = versions.get(i);
                if (!when.isBefore(one.version().validFrom())) {
                    return one.version().holdsAt(when) ? one : null;
                }
            }
            return null;
        }
    }

    /**
     * @throws IllegalArgumentException when two versions share an id or hold at the same moment; a version without an end
     *             ends where the next one begins
     */
    public PriceBook(Collection<PriceVersion> versions) {
        for (PriceVersion version : versions) {
            if (byId.putIfAbsent(version.id(), version) != null) {
                throw new IllegalArgumentException("price version " + version.id() + " is given twice");
            }
            NavigableMap<Instant, PriceVersion> line = (version.basis() == CostSource.CONTRACT ? contracts : list)
                    .computeIfAbsent(new Key(version.sku(), version.serviceTier()), key -> new TreeMap<>());
            if (line.putIfAbsent(version.validFrom(), version) != null) {
                throw new IllegalArgumentException(
                        "price version " + version.id() + " begins when another one of the same thing does");
            }
        }
        list.values().forEach(PriceBook::refuseOverlap);
        contracts.values().forEach(PriceBook::refuseOverlap);
        index();
        skus = byId.values().stream().map(PriceVersion::sku).collect(Collectors.toUnmodifiableSet());
    }

    private void index() {
        Stream.concat(list.keySet().stream(), contracts.keySet().stream())
                .distinct()
                .forEach(key -> lines.computeIfAbsent(key.sku, sku -> new HashMap<>())
                        .put(key.serviceTier, new Line(read(contracts, key), read(list, key))));
    }

    private static List<TokenPrices> read(Map<Key, NavigableMap<Instant, PriceVersion>> versions, Key key) {
        NavigableMap<Instant, PriceVersion> line = versions.get(key);
        return line == null ? List.of() : line.values().stream().map(TokenPrices::of).toList();
    }

    public static PriceBook empty() {
        return new PriceBook(List.of());
    }

    /** The version in force, by contract or else by list; empty when the price is unknown. */
    public Optional<PriceVersion> at(String sku, String serviceTier, Instant when) {
        return Optional.ofNullable(tokens(sku, serviceTier, when)).map(TokenPrices::version);
    }

    /** The same version as decisions read it; null when the price is unknown. */
    public @Nullable TokenPrices tokens(String sku, String serviceTier, Instant when) {
        Map<String, Line> tiers = lines.get(sku);
        Line line = tiers == null ? null : tiers.get(serviceTier);
        if (line == null) {
            return null;
        }
        TokenPrices agreed = Line.at(line.contracts, when);
        return agreed != null ? agreed : Line.at(line.list, when);
    }

    /** The vendor's published version in force, whatever was agreed; empty when it is unknown. */
    public Optional<PriceVersion> list(String sku, String serviceTier, Instant when) {
        Map<String, Line> tiers = lines.get(sku);
        Line line = tiers == null ? null : tiers.get(serviceTier);
        return Optional.ofNullable(line == null ? null : Line.at(line.list, when)).map(TokenPrices::version);
    }

    /** The thing sold as it is sold in a region: the same thing where that region has no prices of its own. */
    public String inRegion(String sku, @Nullable String region) {
        String there = sku + REGION + region;
        return region != null && skus.contains(there) ? there : sku;
    }

    public Optional<PriceVersion> version(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Every version, by thing sold, tier and date. */
    public List<PriceVersion> versions() {
        return byId.values()
                .stream()
                .sorted(Comparator.comparing(PriceVersion::sku)
                        .thenComparing(PriceVersion::serviceTier)
                        .thenComparing(PriceVersion::basis)
                        .thenComparing(PriceVersion::validFrom))
                .toList();
    }

    /** The list versions, each with the end that the next one gives it. */
    public List<PriceVersion> periods() {
        return periods(list);
    }

    private static List<PriceVersion> periods(Map<Key, NavigableMap<Instant, PriceVersion>> lines) {
        List<PriceVersion> periods = new ArrayList<>();
        lines.values().forEach(line -> line.forEach((from, version) -> {
            Instant next = line.higherKey(from);
            periods.add(version.validTo() != null || next == null ? version : version.endingAt(next));
        }));
        return periods;
    }

    public Set<String> skus() {
        return skus;
    }

    /** A book with more versions; the same refusals. */
    public PriceBook with(Collection<PriceVersion> more) {
        List<PriceVersion> all = new ArrayList<>(byId.values());
        all.addAll(more);
        return new PriceBook(all);
    }

    /** The same prices in one currency, each at the rates of its days; what has no rate is unpriced. */
    public PriceBook in(String currency, ExchangeRates rates) {
        if (byId.values().stream().allMatch(version -> version.currency().equals(currency))) {
            return this;
        }
        return new PriceBook(Stream.concat(periods(list).stream(), periods(contracts).stream())
                .flatMap(version -> rates.convert(version, currency).stream())
                .toList());
    }

    /** A book with these contracts spelt out. */
    public PriceBook withDiscounts(Collection<Discount> discounts) {
        List<PriceVersion> periods = periods();
        return with(discounts.stream().flatMap(discount -> discount.of(periods).stream()).toList());
    }

    private static void refuseOverlap(NavigableMap<Instant, PriceVersion> line) {
        PriceVersion previous = null;
        for (PriceVersion version : line.values()) {
            if (previous != null && previous.validTo() != null && previous.overlaps(version)) {
                throw new IllegalArgumentException("price versions " + previous.id() + " and " + version.id()
                        + " both hold at " + version.validFrom());
            }
            previous = version;
        }
    }
}
