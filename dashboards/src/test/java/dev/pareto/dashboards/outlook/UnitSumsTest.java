package dev.pareto.dashboards.outlook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.savings.Side;
import dev.pareto.dashboards.savings.UnitCost;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Units in bounded room: none is lost, and few are left alone. */
final class UnitSumsTest {

    @Test
    void eachUnitHasItsOwnSumWhileThereIsRoom() {
        var sums = new UnitSums(100);
        for (int request = 0; request < 300; request++) {
            sums.add("support", Side.COMPARED, request % 100, 1_000_000_000_000L);
        }
        assertThat(sums.units().get("support")).hasSize(100).allMatch(unit -> unit.requests() == 3 && unit.cost() == 3);
    }

    @Test
    void manyUnitsShareSumsAndNothingIsLost() {
        var sums = new UnitSums(1_000);
        for (int unit = 0; unit < 50_000; unit++) {
            sums.add(unit % 2 == 0 ? "support" : "search", unit % 10 == 0 ? Side.HELD_OUT : Side.COMPARED, unit,
                    1_000_000_000_000L);
        }
        List<UnitCost> groups = sums.units().values().stream().flatMap(List::stream).toList();
        assertThat(groups.size()).isBetween(300, 1_000);
        assertThat(groups.stream().mapToLong(UnitCost::requests).sum()).isEqualTo(50_000);
        assertThat(groups.stream().filter(group -> group.side() == Side.HELD_OUT).mapToLong(UnitCost::requests).sum())
                .isEqualTo(5_000);
    }
}
