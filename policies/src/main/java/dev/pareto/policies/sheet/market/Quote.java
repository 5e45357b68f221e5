package dev.pareto.policies.sheet.market;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.PriceBand;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a catalogue says that a vendor asks, in US dollars.
 *
 * @param sku the thing sold, by our names
 * @param serviceTier as in the price book
 * @param from the moment from which the catalogue says it holds; null when it does not say, which means now
 * @param bands as in a price version; one holds from zero tokens at any hour
 */
public record Quote(String sku, String serviceTier, @Nullable Instant from, List<PriceBand> bands) {

    public Quote {
        requireNonNull(sku, "sku is null");
        requireNonNull(serviceTier, "serviceTier is null");
        bands = List.copyOf(bands);
    }
}
