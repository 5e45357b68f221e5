package dev.pareto.policies.price;

import java.util.Locale;

/** Why a price is what it is. */
public enum CostSource {
    /** The vendor's published list. */
    LIST,
    /** The organisation's own agreement. */
    CONTRACT,
    /** Own hardware, spread over its use. */
    AMORTISED,
    /** Stated to cost nothing per unit, e.g. a model inside this process whose hardware is not yet spread. */
    ZERO_RATED;

    /** The name in price files, the ledger and JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
