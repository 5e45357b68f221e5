package dev.pareto.evals.stats.agreement;

import org.jspecify.annotations.Nullable;

/** Agreement of more than two raters beyond chance (Fleiss 1971, Psychol. Bull. 76:378). */
public final class FleissKappa {

    private FleissKappa() {}

    /**
     * Kappa from counts: {@code ratings[i][j]} raters put item i into category j; the same number of raters, two or more, for
     * each item. Null when all ratings are of one category.
     */
    public static @Nullable Double of(int[][] ratings) {
        if (ratings.length == 0 || ratings[0].length < 2) {
            throw new IllegalArgumentException("need at least one item and two categories");
        }
        int categories = ratings[0].length;
        double raters = 0;
        for (int count : ratings[0]) {
            raters += count;
        }
        double[] totals = new double[categories];
        double agreement = 0;
        for (int i = 0; i < ratings.length; i++) {
            double sum = 0;
            double pairs = 0;
            for (int j = 0; j < ratings[i].length; j++) {
                int count = ratings[i][j];
                if (count < 0 || ratings[i].length != categories) {
                    throw new IllegalArgumentException("item " + i + " must have " + categories + " counts >= 0");
                }
                sum += count;
                pairs += (double) count * (count - 1);
                totals[j] += count;
            }
            if (sum != raters || raters < 2) {
                throw new IllegalArgumentException(
                        "item " + i + " has " + (long) sum + " ratings, the first " + (long) raters
                                + "; each needs the same number, two or more");
            }
            agreement += pairs / (raters * (raters - 1));
        }
        agreement /= ratings.length;
        double chance = 0;
        for (double total : totals) {
            double share = total / (raters * ratings.length);
            chance += share * share;
        }
        return chance == 1 ? null : (Double) ((agreement - chance) / (1 - chance));
    }
}
