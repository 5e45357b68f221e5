package dev.pareto.evals.stats.agreement;

import java.util.Arrays;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Quantiles;

import org.jspecify.annotations.Nullable;

/**
 * How often two raters gave the same items the same of several categories, as shares: cell [i][j] is the share of the items that
 * the first rater put into category i and the second into j.
 */
public final class Agreement {

    private final int n;
    private final double[][] shares;
    private final double[] first;
    private final double[] second;

    private Agreement(int n, double[][] shares) {
        int categories = shares.length;
        this.n = n;
        this.shares = shares;
        this.first = new double[categories];
        this.second = new double[categories];
        for (int i = 0; i < categories; i++) {
            for (int j = 0; j < categories; j++) {
                first[i] += shares[i][j];
                second[j] += shares[i][j];
            }
        }
    }

    /** How much a disagreement counts by the distance of the two categories; ordered categories only, but for EXACT. */
    public enum Weighting {
        /** Every disagreement is a whole one. */
        EXACT,
        /** In proportion to the distance. */
        LINEAR,
        /** In proportion to the square of the distance. */
        QUADRATIC;

        private double of(int i, int j) {
            double distance = Math.abs((double) i - j);
            return switch (this) {
                case EXACT -> distance == 0 ? 0 : 1;
                case LINEAR -> distance;
                case QUADRATIC -> distance * distance;
            };
        }
    }

    /**
     * Cohen's kappa.
     *
     * @param value 1 for full agreement, 0 for what chance would give
     * @param standardError for large samples, for use in an interval (Fleiss, Cohen &amp; Everitt 1969); null when weighted
     */
    public record Kappa(double value, @Nullable Double standardError) {

        /** Two-sided normal interval; for unweighted kappa only. */
        public Interval interval(double confidence) {
            if (standardError == null) {
                throw new IllegalStateException("no standard error of a weighted kappa");
            }
            double half = Quantiles.twoSidedNormal(confidence) * standardError;
            return new Interval(value - half, value + half);
        }
    }

    /** Ratings of the same item stand at the same index, as categories from 0 to {@code categories - 1}. */
    public static Agreement of(int[] first, int[] second, int categories) {
        if (first.length != second.length || first.length == 0 || categories < 2) {
            throw new IllegalArgumentException("need two categories and as many ratings from both, at least one; have "
                    + categories + ", " + first.length + " and " + second.length);
        }
        double[][] shares = new double[categories][categories];
        for (int i = 0; i < first.length; i++) {
            if (first[i] < 0 || first[i] >= categories || second[i] < 0 || second[i] >= categories) {
                throw new IllegalArgumentException("item " + i + " is rated " + first[i] + " and " + second[i]
                        + ", not within 0 to " + (categories - 1));
            }
            shares[first[i]][second[i]]++;
        }
        for (double[] row : shares) {
            for (int j = 0; j < row.length; j++) {
                row[j] /= first.length;
            }
        }
        return new Agreement(first.length, shares);
    }

    /** Items rated. */
    public int n() {
        return n;
    }

    /** Share of the items on which both agree. */
    public double raw() {
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += shares[i][i];
        }
        return sum;
    }

    /** Cohen's kappa (1960, weighted 1968); null when neither rater ever varies, for then chance alone agrees on all. */
    public @Nullable Kappa kappa(Weighting weighting) {
        double observed = 0;
        double expected = 0;
        for (int i = 0; i < shares.length; i++) {
            for (int j = 0; j < shares.length; j++) {
                observed += weighting.of(i, j) * shares[i][j];
                expected += weighting.of(i, j) * first[i] * second[j];
            }
        }
        if (expected == 0) {
            return null;
        }
        double kappa = 1 - observed / expected;
        return new Kappa(kappa, weighting == Weighting.EXACT ? (Double) standardError(kappa, 1 - expected) : null);
    }

    /** Gwet's AC1 (2008), which does not collapse when nearly all items are of one kind. */
    public double gwetAc1() {
        double expected = 0;
        for (int i = 0; i < shares.length; i++) {
            double share = (first[i] + second[i]) / 2;
            expected += share * (1 - share);
        }
        expected /= shares.length - 1;
        return (raw() - expected) / (1 - expected);
    }

    /** Share of the items of category {@code i} by the first rater that the second puts there; null when there are none. */
    public @Nullable Double recall(int i) {
        return first[i] == 0 ? null : (Double) (shares[i][i] / first[i]);
    }

    private double standardError(double kappa, double expected) {
        double diagonal = 0;
        double rest = 0;
        for (int i = 0; i < shares.length; i++) {
            double own = 1 - (first[i] + second[i]) * (1 - kappa);
            diagonal += shares[i][i] * own * own;
            for (int j = 0; j < shares.length; j++) {
                if (i != j) {
                    double crossed = second[i] + first[j];
                    rest += shares[i][j] * crossed * crossed;
                }
            }
        }
        double chance = kappa - expected * (1 - kappa);
        double variance = (diagonal + (1 - kappa) * (1 - kappa) * rest - chance * chance)
                / ((1 - expected) * (1 - expected) * n);
        return Math.sqrt(Math.max(0, variance));
    }

    @Override
    public String toString() {
        return n + " items, " + Arrays.deepToString(shares);
    }
}
