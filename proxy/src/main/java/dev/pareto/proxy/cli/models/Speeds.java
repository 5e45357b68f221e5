package dev.pareto.proxy.cli.models;

import java.util.Arrays;
import java.util.List;

/**
 * Repeated measurements of one speed, in tokens per second.
 *
 * @param median of an even number the mean of the two in the middle
 */
record Speeds(double median, double min, double max) {

    /** @param all at least one, in any order */
    static Speeds of(List<Double> all) {
        double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Speeds(median, sorted[0], Arrays.stream(sorted).max().orElseThrow());
    }
}
