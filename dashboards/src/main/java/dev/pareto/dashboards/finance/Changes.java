package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why spend changed: effects that add up to the difference, and who it came from.
 *
 * @param change as a fraction; null from nothing
 * @param summary in a sentence or two
 * @param drivers every effect, in a fixed order; what they show adds up to the difference shown
 * @param movers by model, route, tenant and vendor: those whose spend moved most
 * @param unpriced calls without a price now: they are in no sum, so the change may be greater
 */
public record Changes(Frame frame, Amount before, String shownBefore, Amount now, String shownNow, Amount difference,
        String shownDifference, @Nullable BigDecimal change, long requestsBefore, long requests, String summary,
        List<Driver> drivers, List<Movers> movers, long unpricedBefore, long unpriced) implements Report {

    public Changes {
        drivers = List.copyOf(drivers);
        movers = List.copyOf(movers);
    }

    /** One effect. */
    public record Driver(Effect effect, Amount amount, String shown) {}

    /** Who it came from, by one dimension; largest movement first. */
    public record Movers(Dimension by, List<Mover> rows) {

        public Movers {
            rows = List.copyOf(rows);
        }
    }

    /**
     * @param value empty for what has none
     * @param change as a fraction; null from nothing
     */
    public record Mover(String value, Amount before, Amount now, Amount difference, @Nullable BigDecimal change) {}

    /** What a question without a comparison is told. */
    static void requireComparison(Question question) {
        if (question.before() == null) {
            throw new IllegalArgumentException("a change is between two periods; ask with compare=previous or compare=last-year");
        }
    }

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        rows.add(Sheet.row("before", before.value(), frame.currency()));
        drivers.forEach(driver -> rows.add(Sheet.row(driver.effect().id(), driver.amount().value(), frame.currency())));
        rows.add(Sheet.row("now", now.value(), frame.currency()));
        return new Sheet("why-it-changed", List.of("effect", "amount", "currency"), rows);
    }
}
