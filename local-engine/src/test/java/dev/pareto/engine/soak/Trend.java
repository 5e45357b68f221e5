package dev.pareto.engine.soak;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a measure stays where it is: the median of the last quarter of its samples against that of the second. The first
 * quarter is for filling caches and compiling code.
 *
 * @param name of the measure
 * @param share by which it may grow, 0.1 for a tenth
 * @param floor by how much it may grow however small it is
 */
record Trend(String name, double share, double floor) {

    /** Samples below which nothing can be said. */
    static final int FEWEST = 12;

    /** What is wrong with the samples, if anything is. */
    Optional<String> fault(double[] samples) {
        if (samples.length < FEWEST) {
            return Optional.of(samples.length + " samples of " + name + " are too few to tell; run it for longer");
        }
        double early = median(Arrays.copyOfRange(samples, samples.length / 4, samples.length / 2));
        double late = median(Arrays.copyOfRange(samples, samples.length * 3 / 4, samples.length));
        double most = early * (1 + share) + floor;
        return late <= most
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "%s grows: %.1f early, %.1f late, at most %.1f allowed", name,
                        early, late, most));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
