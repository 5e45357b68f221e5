package dev.pareto.evals.stats.arms;

import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Wilson;

/** The textbook tests with the variance at the observed rates; for comparison with the score tests only. */
public final class UnpairedWald {

    private UnpairedWald() {}

    /** Tests {@code x1} of {@code n1} minus {@code x2} of {@code n2} against {@code -margin} and {@code margin}. */
    public static Equivalence test(int x1, int n1, int x2, int n2, double margin) {
        Margins.requireMargin(margin);
        Wilson.requireCounts(x1, n1);
        Wilson.requireCounts(x2, n2);
        double p1 = (double) x1 / n1;
        double p2 = (double) x2 / n2;
        double error = Math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2);
        return Equivalence.of(z(p1 - p2 + margin, error), z(p1 - p2 - margin, error));
    }

    private static double z(double distance, double error) {
        return distance == 0 ? 0 : distance / error;
    }
}
