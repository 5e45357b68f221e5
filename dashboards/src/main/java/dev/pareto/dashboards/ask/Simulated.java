package dev.pareto.dashboards.ask;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether calls to simulated vendors, which nobody bills, are counted. */
public enum Simulated {
    WITH, WITHOUT, ONLY;

    /** The name in a URL. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
