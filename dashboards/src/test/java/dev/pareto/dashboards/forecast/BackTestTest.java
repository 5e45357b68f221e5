package dev.pareto.dashboards.forecast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BackTestTest {

    @Test
    void beatsLastWeekAgainOnSpendWithTrendAndWeeklySeason() {
        double days = 0;
        double naiveDays = 0;
        double sums = 0;
        double naiveSums = 0;
        double covered = 0;
        List<Boolean> better = new ArrayList<>();
        for (int seed = 0; seed < 40; seed++) {
            double growth = new double[]{-0.003, 0.0, 0.003, 0.008}[seed % 4];
            BackTest test = requireNonNull(BackTest.of(MadeUpSpend.of(150, growth, 0.08, seed), seed));
            days += requireNonNull(test.dayMape()) / 40;
            naiveDays += requireNonNull(test.naiveDayMape()) / 40;
            sums += requireNonNull(test.sumMape()) / 40;
            naiveSums += requireNonNull(test.naiveSumMape()) / 40;
            covered += test.coverage() / 40;
            better.add(test.dayMape() < test.naiveDayMape());
        }
        assertThat(days).isLessThan(0.85 * naiveDays);
        assertThat(sums).isLessThan(0.75 * naiveSums);
        assertThat(better.stream().filter(it -> it)).hasSizeGreaterThanOrEqualTo(36);
        assertThat(covered).isBetween(0.78, 0.88);
    }

    @Test
    void aShortUnsteadyPastIsNotDrawnOutToWhereItNeverWent() {
        double days = 0;
        double naiveDays = 0;
        for (int seed = 0; seed < 40; seed++) {
            BackTest test = requireNonNull(BackTest.of(MadeUpSpend.of(70, 0, 0.5, seed), seed));
            days += requireNonNull(test.dayMape());
            naiveDays += requireNonNull(test.naiveDayMape());
            assertThat(test.sumMape()).as("seed %s", seed).isLessThan(2);
        }
        assertThat(days).isLessThan(1.5 * naiveDays);
    }

    @Test
    void saysNothingOfAPastTooShort() {
        assertThat(BackTest.of(MadeUpSpend.of(27, 0, 0.1, 1), 1)).isNull();
        assertThat(BackTest.of(MadeUpSpend.of(28, 0, 0.1, 1), 1)).isNotNull();
    }

    @Test
    void leavesDaysWithoutSpendOutOfItsError() {
        double[] days = MadeUpSpend.of(90, 0, 0.1, 3);
        for (int i = 0; i < days.length; i++) {
            days[i] = i % 7 >= 5 ? 0 : days[i];
        }
        BackTest test = requireNonNull(BackTest.of(days, 1));
        assertThat(test.dayMape()).isBetween(0.02, 0.3);
        assertThat(BackTest.of(new double[90], 1)).satisfies(it -> assertThat(requireNonNull(it).dayMape()).isNull());
        assertThat(Arrays.stream(days).filter(it -> it == 0)).isNotEmpty();
    }
}
