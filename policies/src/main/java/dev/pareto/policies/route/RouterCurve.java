package dev.pareto.policies.route;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a router between two models reaches at each share of strong calls. With f that share, highest scores first, and acc(f) the
 * mixture's accuracy: PGR(f) = (acc(f) - acc(0)) / (acc(1) - acc(0)), APGR the area under it (random router: 0.5), CPT(x) the
 * smallest share, in percent, at which PGR reaches x percent (RouteLLM, arXiv 2406.18665, at every prompt instead of 11 points).
 */
public final class RouterCurve {

    /**
     * The figures of a curve.
     *
     * @param apgr area under the recovered gap
     * @param cpt50 percent of strong calls that recover half of the gap
     * @param cpt80 percent of strong calls that recover four fifths of it
     * @param accuracyAt20 mean score with 20 % strong calls
     * @param accuracyAt50 mean score with 50 % strong calls
     */
    public record Figures(double apgr, double cpt50, double cpt80, double accuracyAt20, double accuracyAt50) {}

    private final double[] strong;
    private final double[] weak;
    private final int[] order;

    /**
     * @param scores the higher, the sooner to the strong model; ties keep their order
     */
    public RouterCurve(double[] strong, double[] weak, double[] scores) {
        this.strong = strong.clone();
        this.weak = weak.clone();
        this.order = IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    public Figures figures() {
        return figures(null);
    }

    /**
     * The same with each prompt counted so many times: a bootstrap draw.
     *
     * @param times by prompt; null for once each
     */
    Figures figures(int @Nullable [] times) {
        double low = 0;
        double high = 0;
        int count = 0;
        for (int row = 0; row < order.length; row++) {
            int weight = times == null ? 1 : times[row];
            low += weight * weak[row];
            high += weight * strong[row];
            count += weight;
        }
        double gap = high - low;
        double total = low;
        double area = 0;
        double cpt50 = Double.NaN;
        double cpt80 = Double.NaN;
        int at20 = (int) Math.rint(0.2 * count);
        int at50 = (int) Math.rint(0.5 * count);
        double accuracyAt20 = low / count;
        double accuracyAt50 = low / count;
        int sent = 0;
        double before = 0;
        for (int row : order) {
            for (int t = times == null ? 1 : times[row]; t > 0; t--) {
                total += strong[row] - weak[row];
                sent++;
                double recovered = (total - low) / gap;
                area += (before + recovered) / 2;
                before = recovered;
                // A sum of scores such as 0.1 may miss the whole by its last bit.
                if (Double.isNaN(cpt50) && recovered >= 0.5 - 1e-12) {
                    cpt50 = 100.0 * sent / count;
                }
                if (Double.isNaN(cpt80) && recovered >= 0.8 - 1e-12) {
                    cpt80 = 100.0 * sent / count;
                }
                accuracyAt20 = sent == at20 ? total / count : accuracyAt20;
                accuracyAt50 = sent == at50 ? total / count : accuracyAt50;
            }
        }
        return new Figures(area / count, cpt50, cpt80, accuracyAt20, accuracyAt50);
    }

    /** Mean score with {@code points + 1} equally spaced shares of strong calls, from none to all. */
    public double[] accuracies(int points) {
        double[] found = new double[points + 1];
        double total = 0;
        for (double score : weak) {
            total += score;
        }
        int next = 0;
        for (int sent = 0; sent <= order.length; sent++) {
            while (next <= points && (int) Math.rint((double) order.length * next / points) == sent) {
                found[next++] = total / order.length;
            }
            if (sent < order.length) {
                total += strong[order[sent]] - weak[order[sent]];
            }
        }
        return found;
    }
}
