package dev.pareto.dashboards.forecast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When a remainder is spent, in days ahead counted from 0.
 *
 * @param earliest in a tenth of the futures looked at it is spent by then; null when later than they reach
 * @param expected in half of them
 * @param latest in nine tenths of them
 */
public record RunOut(@Nullable Integer earliest, @Nullable Integer expected, @Nullable Integer latest) {

    /** @param days the day in each future; Integer.MAX_VALUE where it is not reached. Sorted here. */
    static RunOut of(int[] days) {
        Arrays.sort(days);
        return new RunOut(at(days, 0.1), at(days, 0.5), at(days, 0.9));
    }

    private static @Nullable Integer at(int[] sorted, double share) {
        int day = sorted[(int) Math.ceil(share * sorted.length) - 1];
        return day == Integer.MAX_VALUE ? null : (Integer) day;
    }
}
