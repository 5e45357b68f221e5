package dev.pareto.dashboards.focus;

/** What the values of a column are. */
public enum FocusType {
    STRING,
    /** Money: at most 12 decimal places. */
    COST,
    /** A unit price or a quantity: at most 18 decimal places. */
    DECIMAL,
    /** A whole number. */
    COUNT,
    /** UTC, to the second, ending in Z. */
    DATE_TIME,
    /** A JSON object of plain values. */
    KEY_VALUE
}
