package dev.pareto.dashboards.forecast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far the forecast would have been off, had it been made at times past from what was known then; beside it, repeating the last
 * week. An error is a mean over folds of |forecast − actual| / actual.
 *
 * @param folds the times that it was made at, a week apart
 * @param horizonDays how far ahead each looked
 * @param dayMape error of single days; days without spend are left out. Null where no day had any
 * @param naiveDayMape the same for last week again
 * @param sumMape error of the sum over the horizon
 * @param naiveSumMape the same for last week again
 * @param coverage the part of the days that lay within the 80 % band
 */
public record BackTest(int folds, int horizonDays, @Nullable Double dayMape, @Nullable Double naiveDayMape,
        @Nullable Double sumMape, @Nullable Double naiveSumMape, double coverage) {

    private static final int MOST_FOLDS = 8;
    private static final int PATHS = 200;

    /** @return null when there is too little of a past to forecast from and to compare with */
    public static @Nullable BackTest of(double[] days, long seed) {
        int spare = days.length - HoltWinters.MIN_DAYS;
        int horizon = spare >= 6 * Smoothing.SEASON ? 28 : spare >= 3 * Smoothing.SEASON ? 14 : 7;
        int folds = Math.min(MOST_FOLDS, (spare - horizon) / Smoothing.SEASON + 1);
        if (spare < horizon || folds < 1) {
            return null;
        }
        Errors model = new Errors();
        Errors naive = new Errors();
        int covered = 0;
        for (int fold = 0; fold < folds; fold++) {
            int origin = days.length - horizon - fold * Smoothing.SEASON;
            double[] past = Arrays.copyOf(days, origin);
            Projection projection = Projection.of(past, horizon, PATHS, seed + fold);
            double actual = 0;
            double forecast = 0;
            double repeated = 0;
            for (int day = 0; day < horizon; day++) {
                double truth = days[origin + day];
                Band band = projection.day(day);
                double again = past[origin - Smoothing.SEASON + day % Smoothing.SEASON];
                model.day(band.expected(), truth);
                naive.day(again, truth);
                covered += band.covers80(truth) ? 1 : 0;
                actual += truth;
                forecast += band.expected();
                repeated += again;
            }
            model.sum(forecast, actual);
            naive.sum(repeated, actual);
        }
        return new BackTest(folds, horizon, model.dayMape(), naive.dayMape(), model.sumMape(), naive.sumMape(),
                covered / (double) (folds * horizon));
    }

    private static final class Errors {
        private double days;
        private int dayCount;
        private double sums;
        private int sumCount;

        void day(double forecast, double actual) {
            if (actual > 0) {
                days += Math.abs(forecast - actual) / actual;
                dayCount++;
            }
        }

        void sum(double forecast, double actual) {
            if (actual > 0) {
                sums += Math.abs(forecast - actual) / actual;
                sumCount++;
            }
        }

        @Nullable
        Double dayMape() {
            return dayCount == 0 ? null : days / dayCount;
        }

        @Nullable
        Double sumMape() {
            return sumCount == 0 ? null : sums / sumCount;
        }
    }
}
