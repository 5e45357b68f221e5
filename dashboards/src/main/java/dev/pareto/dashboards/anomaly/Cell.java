package dev.pareto.dashboards.anomaly;

import java.util.Map;

/**
 * What one combination of dimensions did, in an incident or in a usual stretch of the same length.
 *
 * @param dimensions value by name, e.g. {@code tenant=support}; the same names in every cell
 * @param requests may be a fraction where it is a mean over weeks
 */
public record Cell(Map<String, String> dimensions, double requests, double attempts, double tokens, double cost) {

    public Cell {
        dimensions = Map.copyOf(dimensions);
    }
}
