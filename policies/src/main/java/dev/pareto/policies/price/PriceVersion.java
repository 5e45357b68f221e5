package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One version of the price of one thing sold. It is never edited: a change is a new version with a later {@code validFrom}.
 *
 * @param id stable and unique in a book, e.g. {@code openai/gpt-4o:standard:2024-10-01}
 * @param sku what is sold, e.g. {@code openai/gpt-4o}
 * @param serviceTier {@code standard}, {@code flex}, {@code priority}, {@code batch}, {@code fast}, …
 * @param validFrom the first moment, inclusive
 * @param validTo the end, exclusive; null while no end is known
 * @param currency ISO 4217
 * @param bands prices by prompt size and hour; one band holds from zero tokens at any hour
 * @param minimums bucket id to the least quantity billed, e.g. ten audio seconds
 * @param basis why the price is what it is
 * @param source where the figures were read
 */
public record PriceVersion(String id, String sku, String serviceTier, Instant validFrom, @Nullable Instant validTo,
        String currency, List<PriceBand> bands, SortedMap<String, BigDecimal> minimums, CostSource basis,
        String source) {

    public static final String STANDARD = "standard";

    public PriceVersion {
        requireNonNull(id, "id is null");
        requireNonNull(sku, "sku is null");
        requireNonNull(serviceTier, "serviceTier is null");
        requireNonNull(validFrom, "validFrom is null");
        requireNonNull(currency, "currency is null");
        requireNonNull(basis, "basis is null");
        requireNonNull(source, "source is null");
        if (validTo != null && !validTo.isAfter(validFrom)) {
            throw new IllegalArgumentException(id + ": validTo " + validTo + " is not after validFrom " + validFrom);
        }
        bands = bands.stream().sorted(Comparator.comparingLong(PriceBand::fromPromptTokens)).toList();
        if (bands.stream().noneMatch(band -> band.fromPromptTokens() == 0 && band.hours().isEmpty())) {
            throw new IllegalArgumentException(id + ": no price holds from zero prompt tokens at any hour");
        }
        minimums = Collections.unmodifiableSortedMap(new TreeMap<>(minimums));
    }

    /** The prices for a whole request: the highest band its prompt reaches; a band for this hour beats one for any hour. */
    public PriceBand band(long promptTokens, Instant when) {
        return bands.get(bandAt(promptTokens, when));
    }

    /** The place of that band among the bands. */
    int bandAt(long promptTokens, Instant when) {
        int best = -1;
        for (int i = 0; i < bands.size(); i++) {
            PriceBand band = bands.get(i);
            if (band.holds(promptTokens, when) && (best < 0 || beats(band, bands.get(best)))) {
                best = i;
            }
        }
        if (best < 0) {
            throw new IllegalStateException(id + " lost its base band");
        }
        return best;
    }

    private static boolean beats(PriceBand band, PriceBand other) {
        return band.fromPromptTokens() > other.fromPromptTokens()
                || (band.fromPromptTokens() == other.fromPromptTokens() && other.hours().isEmpty()
                        && !band.hours().isEmpty());
    }

    /** The same version with an end, which a later version gave it. */
    PriceVersion endingAt(Instant end) {
        return new PriceVersion(id, sku, serviceTier, validFrom, end, currency, bands, minimums, basis, source);
    }

    public boolean holdsAt(Instant when) {
        return !when.isBefore(validFrom) && (validTo == null || when.isBefore(validTo));
    }

    boolean overlaps(PriceVersion other) {
        return sku.equals(other.sku) && serviceTier.equals(other.serviceTier)
                && (validTo == null || other.validFrom.isBefore(validTo))
                && (other.validTo == null || validFrom.isBefore(other.validTo));
    }
}
