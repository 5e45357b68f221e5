package dev.pareto.policies.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Quantiles of weighted values, with Woodruff's interval: the share's own interval, carried over to the values. */
final class WeightedQuantile {

    private static final double Z = 1.96;

    private final List<double[]> values = new ArrayList<>();
    private boolean sorted;

    void add(double value, double weight) {
        values.add(new double[]{value, weight});
        sorted = false;
    }

    @Nullable
    Double at(double share) {
        if (values.isEmpty()) {
            return null;
        }
        if (!sorted) {
            values.sort(Comparator.comparingDouble(one -> one[0]));
            sorted = true;
        }
        double total = values.stream().mapToDouble(one -> one[1]).sum();
        double seen = 0;
        for (double[] one : values) {
            seen += one[1];
            if (seen >= share * total) {
                return one[0];
            }
        }
        return values.getLast()[0];
    }

    /** A 95 % interval; null below twenty effective values, where a 95th percentile has no upper end. */
    double @Nullable [] band(double share) {
        double sum = values.stream().mapToDouble(one -> one[1]).sum();
        double squares = values.stream().mapToDouble(one -> one[1] * one[1]).sum();
        double effective = squares == 0 ? 0 : sum * sum / squares;
        if (effective < 20) {
            return null;
        }
        double half = Z * Math.sqrt(share * (1 - share) / effective);
        Double low = at(Math.max(0, share - half));
        Double high = at(Math.min(1, share + half));
        return low == null || high == null ? null : new double[]{low, high};
    }
}
