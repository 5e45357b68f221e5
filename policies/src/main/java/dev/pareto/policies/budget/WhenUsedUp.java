package dev.pareto.policies.budget;

import java.util.Locale;

/** What becomes of a call that would take a budget beyond its limit. */
public enum WhenUsedUp {
    /** It is refused with 402 {@code budget_exceeded}. */
    REFUSE,
    /** It is made; the caller and the alerts are told. */
    WARN,
    /** It goes to a cheaper model that may serve the route, else it is refused. */
    DOWNGRADE;

    /** As it is written in the configuration. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
