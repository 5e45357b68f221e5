package dev.pareto.evals.stats.arms;

import java.util.Arrays;

import dev.pareto.evals.stats.Quantiles;
import org.jspecify.annotations.Nullable;

/**
 * Figures of an arm whose requests come in units (users, conversations): each unit's contribution, so that their mean is the figure and
 * their spread over the square root of their number its standard error, however the requests of a unit hang together
 * (Deng, Knoblich &amp; Lu 2018, arXiv 1803.06336).
 */
public final class DeltaMethod {

    private DeltaMethod() {}

    /** Contributions to sum of {@code sums} over sum of {@code counts}, e.g. errors over requests; counts are positive. */
    public static double[] ratio(double[] sums, double[] counts) {
        if (sums.length != counts.length || sums.length == 0) {
            throw new IllegalArgumentException("each of one or more units needs a sum and a count, have " + sums.length
                    + " and " + counts.length);
        }
        double total = Arrays.stream(counts).sum();
        double ratio = Arrays.stream(sums).sum() / total;
        double perUnit = total / counts.length;
        double[] contributions = new double[sums.length];
        for (int unit = 0; unit < sums.length; unit++) {
            contributions[unit] = ratio + (sums[unit] - ratio * counts[unit]) / perUnit;
        }
        return contributions;
    }

    /**
     * Contributions to a quantile of all values.
     *
     * @param values of all units
     * @param units the unit of each value, from 0
     * @param count how many units there are; each has a value
     * @return null while the values around the quantile are too few or too alike to tell how dense they lie
     */
    public static double @Nullable [] quantile(double[] values, int[] units, int count, double quantile) {
        if (!(quantile > 0 && quantile < 1) || values.length != units.length) {
            throw new IllegalArgumentException("need a quantile within (0, 1) and a unit for each value");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double half = Math.min(bandwidth(values.length, quantile), Math.min(quantile, 1 - quantile) * 0.8);
        double gap = at(sorted, quantile + half) - at(sorted, quantile - half);
        if (values.length * (1 - quantile) < 5 || values.length * quantile < 5 || !(gap > 0)) {
            return null;
        }
        double density = 2 * half / gap;
        double found = at(sorted, quantile);
        double perUnit = (double) values.length / count;
        double[] contributions = new double[count];
        Arrays.fill(contributions, found);
        for (int i = 0; i < values.length; i++) {
            contributions[units[i]] += (quantile - (values[i] <= found ? 1 : 0)) / (perUnit * density);
        }
        return contributions;
    }

    /** Bofinger's bandwidth for the density at a quantile of roughly normal values. */
    private static double bandwidth(int n, double quantile) {
        double z = Quantiles.normalTail(1 - quantile);
        double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        double shape = 2 * z * z + 1;
        return Math.pow(4.5 * Math.pow(density, 4) / (shape * shape) / n, 0.2);
    }

    private static double at(double[] sorted, double quantile) {
        int rank = (int) Math.ceil(quantile * sorted.length) - 1;
        return sorted[Math.clamp(rank, 0, sorted.length - 1)];
    }
}
