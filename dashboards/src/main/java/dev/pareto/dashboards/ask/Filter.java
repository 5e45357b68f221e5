package dev.pareto.dashboards.ask;

import java.util.List;

/** Only what has one of some values of a dimension. */
public record Filter(Dimension dimension, List<String> values) {

    private static final int MAX_VALUES = 50;
    private static final int MAX_CHARS = 256;

    public Filter {
        values = List.copyOf(values);
        if (values.isEmpty() || values.size() > MAX_VALUES) {
            throw new IllegalArgumentException(
                    "a filter has 1 to " + MAX_VALUES + " values; " + dimension.id() + " has "
                            + values.size());
        }
        for (String value : values) {
            if (value.length() > MAX_CHARS) {
                throw new IllegalArgumentException("'" + Names.shown(value) + "' is no value of " + dimension.id()
                        + ": longer than " + MAX_CHARS + " characters");
            }
        }
    }
}
