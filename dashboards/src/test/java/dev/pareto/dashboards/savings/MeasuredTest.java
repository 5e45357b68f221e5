package dev.pareto.dashboards.savings;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MeasuredTest {

    private static final int MONTHS = 500;

    @Test
    void intervalCoversTheTrueSavingInAtLeast93PercentOfMonths() {
        List<Month> months = IntStream.range(0, MONTHS).parallel().mapToObj(Month::of).toList();
        long covered = months.stream().filter(month -> month.holds(month.truth.saved())).count();
        long modelled = months.stream().filter(month -> month.holds(month.truth.modelled())).count();
        double bias = months.stream()
                .mapToDouble(it -> it.measured.saved() / it.truth.saved() - 1)
                .average()
                .orElseThrow();
        double width = months.stream()
                .mapToDouble(it -> (it.measured.upper() - it.measured.lower()) / it.truth.saved())
                .average()
                .orElseThrow();
        assertThat(covered).isGreaterThanOrEqualTo((long) (0.93 * MONTHS));
        assertThat(modelled).as("what is modelled misses what the baseline would have written")
                .isLessThan(covered);
        assertThat(bias).isCloseTo(0, within(0.01));
        assertThat(width).isLessThan(0.3);
    }

    @Test
    void costsBeforeMakeTheIntervalNarrower() {
        MadeUpMonth month = new MadeUpMonth(1);
        List<Measured.Stratum> blind = month.strata()
                .stream()
                .map(stratum -> new Measured.Stratum(stratum.route(), stratum.units()
                        .stream()
                        .map(unit -> new UnitCost(unit.side(), unit.requests(), unit.cost(), 0, 0))
                        .toList(), stratum.requests()))
                .toList();
        Measured with = requireNonNull(Measured.of(month.strata()));
        Measured without = requireNonNull(Measured.of(blind));
        assertThat(with.upper() - with.lower()).isLessThan(0.95 * (without.upper() - without.lower()));
        assertThat(without.routes()).allSatisfy(route -> assertThat(route.explained()).isZero());
    }

    @Test
    void differenceIsThatOfTheMeans() {
        List<UnitCost> units = new ArrayList<>();
        IntStream.range(0, 30).forEach(i -> {
            units.add(new UnitCost(Side.HELD_OUT, 2, 0.08 + 0.01 * (i % 2), 0, 0));
            units.add(new UnitCost(Side.COMPARED, 1, 0.01, 0, 0));
        });
        Measured measured = requireNonNull(Measured.of(List.of(new Measured.Stratum("support", units, 1_000))));
        assertThat(measured.saved()).isCloseTo(1_000 * (0.0425 - 0.01), within(1e-9));
        assertThat(measured.withoutGateway()).isCloseTo(42.5, within(1e-9));
        assertThat(measured.lower()).isLessThan(measured.saved());
        assertThat(measured.routes()).singleElement().satisfies(route -> {
            assertThat(route.heldUnits()).isEqualTo(30);
            assertThat(route.heldRequests()).isEqualTo(60);
        });
    }

    @Test
    void saysNothingOfTooFewUnits() {
        List<UnitCost> units = new ArrayList<>();
        IntStream.range(0, Measured.MIN_UNITS - 1).forEach(i -> units.add(new UnitCost(Side.HELD_OUT, 1, 1, 0, 0)));
        IntStream.range(0, 500).forEach(i -> units.add(new UnitCost(Side.COMPARED, 1, 0.5, 0, 0)));
        assertThat(Measured.of(List.of(new Measured.Stratum("support", units, 500)))).isNull();
    }

    private record Month(MadeUpMonth truth, Measured measured) {

        static Month of(int seed) {
            MadeUpMonth month = new MadeUpMonth(seed);
            return new Month(month, requireNonNull(Measured.of(month.strata())));
        }

        boolean holds(double value) {
            return measured.lower() <= value && value <= measured.upper();
        }
    }
}
