package dev.pareto.policies.price;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which price tier an answer was served at: what the vendor says it served beats what the caller asked for. */
public final class ServiceTiers {

    private ServiceTiers() {}

    /**
     * @param served the tier in the answer, null when the vendor does not say
     * @param requested the tier in the request, null when none was asked for
     */
    public static String effective(@Nullable String served, @Nullable String requested) {
        String tier = served != null ? served : requested;
        return switch (tier == null ? "" : tier.toLowerCase(Locale.ROOT)) {
            case "flex" -> "flex";
            case "priority" -> "priority";
            case "batch" -> "batch";
            default -> PriceVersion.STANDARD;
        };
    }
}
