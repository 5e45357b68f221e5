package dev.pareto.evals.stats;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Adjusted p values for several tests at once, in the order of the input. */
public final class MultipleTesting {

    private MultipleTesting() {}

    /** Holm 1979: controls the chance of any false rejection. */
    public static double[] holm(double[] p) {
        int m = p.length;
        double[] adjusted = new double[m];
        double running = 0;
        int rank = 0;
        for (int index : ascending(p)) {
            running = Math.max(running, Math.min(1, (m - rank) * p[index]));
            adjusted[index] = running;
            rank++;
        }
        return adjusted;
    }

    /** Benjamini &amp; Hochberg 1995: controls the share of false rejections. */
    public static double[] benjaminiHochberg(double[] p) {
        return stepUp(p, 1);
    }

    /** Benjamini &amp; Yekutieli 2001: as above under any dependence. */
    public static double[] benjaminiYekutieli(double[] p) {
        return stepUp(p, IntStream.rangeClosed(1, p.length).mapToDouble(i -> 1.0 / i).sum());
    }

    /** Bonferroni: p times the number of tests. */
    public static double[] bonferroni(double[] p) {
        double[] adjusted = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            adjusted[i] = Math.min(1, p.length * p[i]);
        }
        return adjusted;
    }

    /** Hommel 1988: the closed test on Simes's inequality. */
    public static double[] hommel(double[] p) {
        int m = p.length;
        List<Integer> order = ascending(p);
        double[] adjusted = new double[m];
        for (int k = 0; k < m; k++) {
            adjusted[k] = p[order.get(k)];
        }
        for (int size = m; size > 1; size--) {
            double simes = Double.POSITIVE_INFINITY;
            for (int j = 1; j <= size; j++) {
                simes = Math.min(simes, size * p[order.get(m - size + j - 1)] / j);
            }
            for (int k = 0; k < m; k++) {
                double bound = k >= m - size ? simes : Math.min(simes, size * p[order.get(k)]);
                adjusted[k] = Math.max(adjusted[k], bound);
            }
        }
        double[] result = new double[m];
        for (int k = 0; k < m; k++) {
            result[order.get(k)] = Math.min(1, adjusted[k]);
        }
        return result;
    }

    private static double[] stepUp(double[] p, double factor) {
        int m = p.length;
        double[] adjusted = new double[m];
        double running = 1;
        int rank = m;
        for (int index : ascending(p).reversed()) {
            running = Math.min(running, factor * p[index] * m / rank);
            adjusted[index] = running;
            rank--;
        }
        return adjusted;
    }

    private static List<Integer> ascending(double[] p) {
        for (double value : p) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException(value + " is not a p value");
            }
        }
        return IntStream.range(0, p.length).boxed().sorted(Comparator.comparingDouble(i -> p[i])).toList();
    }
}
