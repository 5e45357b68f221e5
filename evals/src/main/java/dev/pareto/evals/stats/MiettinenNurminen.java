package dev.pareto.evals.stats;

/**
 * Score tests for two independent proportions against a margin (Miettinen &amp; Nurminen 1985, Stat. Med. 4:213):
 * the variance is taken at the most likely rates under the hypothesis, times N/(N-1).
 */
public final class MiettinenNurminen {

    private static final int BISECTIONS = 200;
    private static final double EDGE = 1e-14;

    private MiettinenNurminen() {}

    /** Statistics at both margins with their one-sided p values; {@code equivalenceP} is the larger of the two. */
    public record Equivalence(double zLower, double nonInferiorityP, double zUpper, double nonSuperiorityP,
            double equivalenceP) {}

    /** Tests {@code x1} of {@code n1} minus {@code x2} of {@code n2} against {@code -margin} and {@code margin}. */
    public static Equivalence test(int x1, int n1, int x2, int n2, double margin) {
        Margins.requireMargin(margin);
        double lower = z(x1, n1, x2, n2, -margin);
        double upper = z(x1, n1, x2, n2, margin);
        double nonInferior = Quantiles.normalUpperTail(lower);
        double nonSuperior = Quantiles.normalCumulative(upper);
        return new Equivalence(lower, nonInferior, upper, nonSuperior, Math.max(nonInferior, nonSuperior));
    }

    /** The score statistic for the hypothesis that the difference is {@code difference}. */
    public static double z(int x1, int n1, int x2, int n2, double difference) {
        Wilson.requireCounts(x1, n1);
        Wilson.requireCounts(x2, n2);
        double p2 = restricted(x1, n1, x2, n2, difference);
        double p1 = p2 + difference;
        double total = (double) n1 + n2;
        double variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1);
        return ((double) x1 / n1 - (double) x2 / n2 - difference) / Math.sqrt(variance);
    }

    /**
     * The most likely second rate when the first is {@code difference} higher: the score equation falls, so bisect it.
     */
    private static double restricted(int x1, int n1, int x2, int n2, double difference) {
        double low = Math.max(0, -difference) + EDGE;
        double high = Math.min(1, 1 - difference) - EDGE;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (score(x1, n1, middle + difference) + score(x2, n2, middle) > 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private static double score(int successes, int trials, double rate) {
        return (successes == 0 ? 0 : successes / rate)
                - (successes == trials ? 0 : (trials - successes) / (1 - rate));
    }
}
