package dev.pareto.policies.price;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Every known price version, immutable and safe to share; refuses two versions that hold at the same moment. */
public final class PriceBook {

    private final Map<Key, NavigableMap<Instant, PriceVersion>> byKey = new HashMap<>();
    private final Map<String, PriceVersion> byId = new HashMap<>();

    private record Key(String sku, String serviceTier) {}

    /**
     * @throws IllegalArgumentException when two versions share an id or hold at the same moment; a version without an end
     *             ends where the next one begins
     */
    public PriceBook(Collection<PriceVersion> versions) {
        for (PriceVersion version : versions) {
            if (byId.putIfAbsent(version.id(), version) != null) {
                throw new IllegalArgumentException("price version " + version.id() + " is given twice");
            }
            NavigableMap<Instant, PriceVersion> line = byKey
                    .computeIfAbsent(new Key(version.sku(), version.serviceTier()), key -> new TreeMap<>());
            if (line.putIfAbsent(version.validFrom(), version) != null) {
                throw new IllegalArgumentException(
                        "price version " + version.id() + " begins when another one of the same thing does");
            }
        }
        byKey.values().forEach(PriceBook::refuseOverlap);
    }

    public static PriceBook empty() {
        return new PriceBook(List.of());
    }

    /** The version in force, empty when the price is unknown. */
    public Optional<PriceVersion> at(String sku, String serviceTier, Instant when) {
        NavigableMap<Instant, PriceVersion> line = byKey.get(new Key(sku, serviceTier));
        if (line == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(line.floorEntry(when))
                .map(Map.Entry::getValue)
                .filter(version -> version.holdsAt(when));
    }

    public Optional<PriceVersion> version(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Every version, by thing sold, tier and date. */
    public List<PriceVersion> versions() {
        return byId.values()
                .stream()
                .sorted(java.util.Comparator.comparing(PriceVersion::sku)
                        .thenComparing(PriceVersion::serviceTier)
                        .thenComparing(PriceVersion::validFrom))
                .toList();
    }

    public Set<String> skus() {
        Set<String> skus = new HashSet<>();
        byKey.keySet().forEach(key -> skus.add(key.sku()));
        return Set.copyOf(skus);
    }

    /** A book with more versions; the same refusals. */
    public PriceBook with(Collection<PriceVersion> more) {
        List<PriceVersion> all = new ArrayList<>(byId.values());
        all.addAll(more);
        return new PriceBook(all);
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
