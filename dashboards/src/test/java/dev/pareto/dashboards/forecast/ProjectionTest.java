package dev.pareto.dashboards.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ProjectionTest {

    @Test
    void goesOnWithTrendAndWeekThatHaveNoNoise() {
        double[] all = MadeUpSpend.of(112, 0.002, 0, 1);
        Projection projection = Projection.of(Arrays.copyOf(all, 84), 28, 100, 1);
        for (int day = 0; day < 28; day++) {
            assertThat(projection.day(day).expected()).isCloseTo(all[84 + day], within(all[84 + day] * 0.03));
        }
    }

    @Test
    void bandOfTheSumHoldsTheTruthAsOftenAsItSays() {
        int held = 0;
        for (int seed = 0; seed < 400; seed++) {
            double[] all = MadeUpSpend.of(110, 0.003, 0.1, 1_000 + seed);
            Band band = Projection.of(Arrays.copyOf(all, 90), 20, 400, seed).sum(20, 0);
            held += band.covers80(Arrays.stream(all, 90, 110).sum()) ? 1 : 0;
        }
        assertThat(held).isBetween(310, 350);
    }

    @Test
    void givesTheSameFiguresForTheSameSeed() {
        double[] days = MadeUpSpend.of(60, 0, 0.2, 5);
        assertThat(Projection.of(days, 10, 50, 7).sum(10, 0)).isEqualTo(Projection.of(days, 10, 50, 7).sum(10, 0));
        assertThat(Projection.of(days, 10, 50, 8).sum(10, 0)).isNotEqualTo(Projection.of(days, 10, 50, 7).sum(10, 0));
    }

    @Test
    void countsAtLeastWhatTodayHasCostAlready() {
        Projection projection = Projection.of(MadeUpSpend.of(60, 0, 0.1, 5), 3, 200, 7);
        assertThat(projection.sum(1, 50_000)).isEqualTo(new Band(50_000, 50_000, 50_000, 50_000, 50_000));
        assertThat(projection.beyond(1, 50_000, 49_999)).isOne();
        assertThat(projection.beyond(3, 0, 1e9)).isZero();
    }

    @Test
    void neverFallsBelowNothing() {
        double[] days = MadeUpSpend.of(60, -0.02, 0.5, 5);
        days[40] = 0;
        Projection projection = Projection.of(days, 60, 200, 7);
        assertThat(projection.day(59).lower95()).isNotNegative();
    }

    @Test
    void asksForThreeWeeks() {
        assertThatIllegalArgumentException().isThrownBy(() -> Projection.of(new double[20], 1, 1, 1))
                .withMessage("20 days are too few; at least 21");
    }
}
