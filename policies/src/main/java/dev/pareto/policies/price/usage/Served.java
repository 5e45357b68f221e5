package dev.pareto.policies.price.usage;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a vendor says that it served an answer, as far as prices hang on it.
 *
 * @param tier the vendor's own name of the tier, see {@link dev.pareto.policies.price.ServiceTiers}; null when it does not say
 * @param region where it was served when that is priced apart, e.g. Anthropic's {@code us}; null otherwise
 */
public record Served(@Nullable String tier, @Nullable String region) {

    private static final String[] TIERS = {"/service_tier", "/response/service_tier", "/usage/service_tier",
            "/message/usage/service_tier", "/usageMetadata/trafficType", "/usageMetadata/serviceTier", "/trafficType",
            "/serviceTier/type", "/metadata/serviceTier/type", "/serviceTier"};
    private static final String[] SPEEDS = {"/usage/speed", "/message/usage/speed", "/speed"};
    private static final String[] REGIONS = {"/usage/inference_geo", "/message/usage/inference_geo", "/inference_geo"};

    /** Reads a whole answer, or its usage object alone. */
    public static Served of(JsonNode raw) {
        String speed = first(raw, SPEEDS);
        String region = first(raw, REGIONS);
        return new Served(speed != null && speed.equals("fast") ? "fast" : first(raw, TIERS),
                region == null || region.equals("global") || region.equals("not_available") ? null : region);
    }

    private static @Nullable String first(JsonNode raw, String[] places) {
        for (String place : places) {
            JsonNode found = raw.at(place);
            if (found.isString() && !found.stringValue().isBlank()) {
                return found.stringValue().toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }
}
