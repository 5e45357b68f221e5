package dev.pareto.policies.price;

import java.util.Locale;

/** Where the quantities of an attempt come from; finance sees the share that is not the vendor's own. */
public enum UsageSource {
    /** The vendor's final usage. */
    VENDOR,
    /** The vendor's, but the stream was cut after it. */
    VENDOR_PARTIAL,
    /** The vendor's prompt count and our count of the text that was relayed. */
    ESTIMATED_PARTIAL,
    /** Counted by us. */
    ESTIMATED,
    /** Nothing was used, e.g. a refusal before generation. */
    NONE;

    /** The name in the ledger and in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
