package dev.pareto.dashboards.ask;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a period is held against. */
public enum Compare {
    /** The same stretch just before: the same days of the month or quarter before, else as many days. */
    PREVIOUS,
    /** The same dates a year earlier. */
    LAST_YEAR,
    /** Nothing. */
    NONE;

    /** The name in a URL. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
