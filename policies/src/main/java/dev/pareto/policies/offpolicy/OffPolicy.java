package dev.pareto.policies.offpolicy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Estimates with asymptotic 95 % intervals: deviations are summed by cluster, the quantile is Student's with as many degrees of freedom as
 * the variance is worth (few heavy weights are few degrees), and two outcomes that were not seen, at either end of the range, are counted
 * with, so that ten good answers in a row are no certainty (after Agresti and Coull). The weights are known, not estimated.
 */
public final class OffPolicy {

    private OffPolicy() {}

    /**
     * @param least outcome that is possible
     * @param most outcome that is possible; the interval is cut to both where both are finite
     * @throws IllegalArgumentException for no samples
     */
    public static Estimate estimate(Method method, List<Sample> samples, double least, double most) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("nothing can be told from no samples");
        }
        double weights = 0;
        double squares = 0;
        double weighted = 0;
        long matched = 0;
        for (Sample sample : samples) {
            weights += sample.weight();
            squares += sample.weight() * sample.weight();
            weighted += sample.weight() * sample.outcome();
            matched += sample.weight() > 0 ? 1 : 0;
        }
        int n = samples.size();
        double value = switch (method) {
            case IPS -> weighted / n;
            case SNIPS -> weights == 0 ? Double.NaN : weighted / weights;
            case DR -> samples.stream().mapToDouble(OffPolicy::doublyRobust).sum() / n;
        };
        double effective = squares == 0 ? 0 : weights * weights / squares;
        if (matched == 0) {
            return new Estimate(method, value, least, most, 0, 0, n);
        }
        double half = half(method, samples, value, weights / n, weights / matched, most - least);
        double low = value - half;
        double high = value + half;
        return new Estimate(method, value, cut(low, least, most), cut(high, least, most), effective, matched, n);
    }

    private static double cut(double value, double least, double most) {
        return Double.isFinite(least) && Double.isFinite(most) ? Math.clamp(value, least, most) : value;
    }

    private static double doublyRobust(Sample sample) {
        return sample.modelOfPolicy() + sample.weight() * (sample.outcome() - sample.modelOfDone());
    }

    private static double half(Method method, List<Sample> samples, double value, double meanWeight,
            double usualWeight, double range) {
        Map<String, Double> deviations = new LinkedHashMap<>();
        for (Sample sample : samples) {
            double deviation = switch (method) {
                case IPS -> sample.weight() * sample.outcome() - value;
                case SNIPS -> sample.weight() * (sample.outcome() - value) / meanWeight;
                case DR -> doublyRobust(sample) - value;
            };
            deviations.merge(sample.cluster(), deviation, Double::sum);
        }
        double second = 0;
        double fourth = 0;
        for (double deviation : deviations.values()) {
            double square = deviation * deviation;
            second += square;
            fourth += square * square;
        }
        if (Double.isFinite(range)) {
            double unseen = usualWeight * range / 2 / (method == Method.SNIPS ? meanWeight : 1);
            second += 2 * unseen * unseen;
            fourth += 2 * Math.pow(unseen, 4);
        }
        int clusters = deviations.size();
        double correction = clusters > 1 ? clusters / (clusters - 1.0) : 2;
        double error = Math.sqrt(second * correction) / samples.size();
        // Satterthwaite: a variance that rests on few large squares is known badly
        double degrees = fourth <= 0 ? 1 : Math.max(1, 2 * second * second / fourth - 1);
        return student975(Math.min(degrees, Math.max(1, clusters - 1))) * error;
    }

    /** The 97.5 % quantile of Student's t (Abramowitz &amp; Stegun 26.7.5; below three degrees from tables). */
    static double student975(double degrees) {
        if (degrees < 2) {
            return 12.706 + (degrees - 1) * (4.303 - 12.706);
        }
        if (degrees < 3) {
            return 4.303 + (degrees - 2) * (3.182 - 4.303);
        }
        double z = 1.959964;
        double z3 = Math.pow(z, 3);
        double z5 = Math.pow(z, 5);
        double z7 = Math.pow(z, 7);
        return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees)
                + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * Math.pow(degrees, 3));
    }
}
