package dev.pareto.policies.price;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which price tier an answer was served at: what the vendor says it served beats what the caller asked for. */
public final class ServiceTiers {

    private ServiceTiers() {}

    /**
     * The tier in the price book. A tier that nobody knows keeps its name, so that it is unpriced rather than billed as another.
     *
     * @param served the tier in the answer, in the vendor's words; null when the vendor does not say
     * @param requested the tier in the request, null when none was asked for
     */
    public static String effective(@Nullable String served, @Nullable String requested) {
        String tier = served != null && !served.isBlank() ? served : requested;
        String name = tier == null ? "" : tier.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "", "default", "standard", "auto", "standard_only", "on_demand", "on-demand",
                    "traffic_type_unspecified" ->
                PriceVersion.STANDARD;
            case "flex", "on_demand_flex" -> "flex";
            case "priority", "on_demand_priority" -> "priority";
            case "batch", "batches" -> "batch";
            case "provisioned", "provisioned_throughput", "reserved", "scale" -> "provisioned";
            default -> name.matches("[a-z0-9_.-]{1,32}") ? name : PriceVersion.STANDARD;
        };
    }
}
