package dev.pareto.dashboards.parquet;

import static java.util.Objects.requireNonNull;

/**
 * A column, each of whose values may be unknown.
 *
 * @param scale decimal places of a {@link Kind#DECIMAL}, of 38 digits in all; zero for others
 */
public record ParquetColumn(String name, Kind kind, int scale) {

    /** How its values are kept. */
    public enum Kind {
        /** UTF-8. */
        TEXT,
        /** JSON text. */
        JSON,
        /** Exact; given as plain decimal text. */
        DECIMAL,
        /** Microseconds of UTC; given as ISO 8601 text that ends with Z. */
        MOMENT,
        /** A whole number of 64 bits. */
        COUNT
    }

    public ParquetColumn {
        requireNonNull(name, "name is null");
        requireNonNull(kind, "kind is null");
        if (scale < 0 || scale > 38 || (scale > 0 && kind != Kind.DECIMAL)) {
            throw new IllegalArgumentException(name + ": a scale of " + scale + " does not go with " + kind);
        }
    }
}
