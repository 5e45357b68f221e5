package dev.pareto.dashboards.finance;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why spend differs between two periods. */
public enum Effect {
    /** More requests or fewer, at what one cost before. */
    VOLUME,
    /** More tokens read for each request, or fewer. */
    PROMPTS,
    /** More tokens generated for each request, or fewer. */
    ANSWERS,
    /** Other unit prices for the same: quantity now × (price now − price before). */
    PRICE,
    /** A smaller or greater part of the prompts read from vendors' caches. */
    CACHE,
    /** Other models, tiers and kinds of use; and, as the rule is, the last digit that no division comes out at. */
    MIX,
    /** More or less money for calls that brought no whole answer. */
    WASTE,
    /** Calls beside answers: shadows, judges, classifiers. */
    OVERHEAD,
    /** Credits, true-ups, idle machines and what else was booked beside calls. */
    ADJUSTMENTS;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
