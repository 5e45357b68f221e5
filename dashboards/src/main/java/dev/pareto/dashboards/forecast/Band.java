package dev.pareto.dashboards.forecast;

import java.util.Arrays;

/**
 * A sum that is not known yet.
 *
 * @param expected its mean over all futures looked at
 * @param lower80 below it lie a tenth of them; {@code upper80} above it the same
 * @param lower95 below it lie one in forty; {@code upper95} above it the same
 */
public record Band(double expected, double lower80, double upper80, double lower95, double upper95) {

    /** Takes the sums for its own and sorts them. */
    static Band of(double[] sums) {
        double mean = Arrays.stream(sums).average().orElseThrow();
        Arrays.sort(sums);
        return new Band(mean, at(sums, 0.1), at(sums, 0.9), at(sums, 0.025), at(sums, 0.975));
    }

    boolean covers80(double value) {
        return lower80 <= value && value <= upper80;
    }

    private static double at(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        double beyond = place - below;
        return beyond == 0 ? sorted[below] : sorted[below] * (1 - beyond) + sorted[below + 1] * beyond;
    }
}
