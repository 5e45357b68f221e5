package dev.pareto.dashboards.store;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of an answer that outlives its query. Columns go by the names that the query gives them. Immutable. */
public final class Row {

    private static final int BYTES_OF_A_VALUE = 32;

    private final Map<String, Integer> places;
    private final @Nullable Object[] values;

    private Row(Map<String, Integer> places, @Nullable Object[] values) {
        this.places = places;
        this.values = values;
    }

    /** Where the columns of an answer stand. */
    static Map<String, Integer> places(ResultSetMetaData columns) throws SQLException {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            places.putIfAbsent(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), i - 1);
        }
        return Map.copyOf(places);
    }

    static Row of(Map<String, Integer> places, ResultSet row) throws SQLException {
        @Nullable
        Object[] values = new Object[row.getMetaData().getColumnCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(i + 1);
        }
        return new Row(places, values);
    }

    /** @throws IllegalStateException where there is none */
    public String getString(String column) {
        return required(column).toString();
    }

    public @Nullable String getStringOrNull(String column) {
        Object value = value(column);
        return value == null ? null : value.toString();
    }

    /**
     * A whole number.
     *
     * @throws IllegalStateException where there is none
     * @throws ArithmeticException where it is no whole number of 64 bits
     */
    public long getLong(String column) {
        return switch (required(column)) {
            case Long number -> number;
            case Integer number -> number;
            case Short number -> number;
            case Object number -> new BigDecimal(number.toString()).longValueExact();
        };
    }

    /** The same of 32 bits. */
    public int getInt(String column) {
        return Math.toIntExact(getLong(column));
    }

    /** @throws IllegalStateException where there is none */
    public BigDecimal getBigDecimal(String column) {
        return switch (required(column)) {
            case BigDecimal number -> number;
            case Long number -> BigDecimal.valueOf(number);
            case Integer number -> BigDecimal.valueOf(number);
            case Object number -> new BigDecimal(number.toString());
        };
    }

    /** About how much memory it takes. */
    int bytes() {
        int bytes = BYTES_OF_A_VALUE;
        for (Object value : values) {
            bytes += BYTES_OF_A_VALUE + (value instanceof String text ? text.length() + BYTES_OF_A_VALUE : 0);
        }
        return bytes;
    }

    private Object required(String column) {
        Object value = value(column);
        if (value == null) {
            throw new IllegalStateException("the column " + column + " is null");
        }
        return value;
    }

    private @Nullable Object value(String column) {
        Integer place = places.get(column);
        if (place == null) {
            throw new IllegalArgumentException("there is no column " + column + "; there are " + places.keySet());
        }
        return values[place];
    }
}
