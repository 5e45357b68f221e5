package dev.pareto.dashboards.ask;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What spend can be divided by: who asked, through which route, which model of which vendor, why the call was made, or a tag.
 *
 * @param id its name in a URL: {@code tenant}, {@code route}, {@code model}, {@code vendor}, {@code role} or {@code tag.KEY}
 */
public record Dimension(@JsonValue String id) {

    public static final Dimension TENANT = new Dimension("tenant");
    public static final Dimension ROUTE = new Dimension("route");
    public static final Dimension MODEL = new Dimension("model");
    public static final Dimension VENDOR = new Dimension("vendor");
    public static final Dimension ROLE = new Dimension("role");

    /** All but tags; each is a column of the roll-ups of that name. */
    public static final List<Dimension> COLUMNS = List.of(TENANT, ROUTE, MODEL, VENDOR, ROLE);

    private static final String TAG = "tag.";
    private static final int MAX_KEY_CHARS = 128;

    public Dimension {
        boolean tag = id.startsWith(TAG) && id.length() > TAG.length() && id.length() <= TAG.length() + MAX_KEY_CHARS
                && id.indexOf('"') < 0 && id.indexOf('\\') < 0;
        if (!tag && !List.of("tenant", "route", "model", "vendor", "role").contains(id)) {
            throw new IllegalArgumentException("spend cannot be divided by '" + Names.shown(id)
                    + "'; use tenant, route, model, vendor, role or tag.KEY, e.g. tag.team");
        }
    }

    /** The tag's key; null when it is a column. */
    public @Nullable String tagKey() {
        return id.startsWith(TAG) ? id.substring(TAG.length()) : null;
    }

    public boolean isTag() {
        return id.startsWith(TAG);
    }

    /** Where its value stands in the roll-ups. */
    public String column() {
        return isTag() ? "tag_value" : id;
    }

    /** Whether adjustments, which belong to no call, have a value of it. */
    public boolean ofAdjustments() {
        return !isTag() && !id.equals("role");
    }
}
