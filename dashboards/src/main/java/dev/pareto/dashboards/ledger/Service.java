package dev.pareto.dashboards.ledger;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt was served, as far as prices hang on it; text that others chose is cut to a bound.
 *
 * @param servedTier in the vendor's words; null when it does not say. What was served is what is billed.
 * @param region where it was served, when that is priced apart
 */
public record Service(@Nullable String servedTier, @Nullable String region) {

    /** Nothing is known about it. */
    public static final Service PLAIN = new Service(null, null);

    public Service {
        servedTier = Text.boundedOrNull(servedTier, 64);
        region = Text.boundedOrNull(region, 64);
    }
}
