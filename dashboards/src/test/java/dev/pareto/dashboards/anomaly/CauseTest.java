package dev.pareto.dashboards.anomaly;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.dashboards.anomaly.Cause.Factor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class CauseTest {

    private static final List<String> TENANTS = List.of("shop", "support", "search");
    private static final List<String> MODELS = List.of("openai/large", "local/small");

    @Test
    void namesTheTenantThatSendsMore() {
        Cause cause = Cause.of(changed(cell -> is(cell, "tenant", "search") ? times(cell, 6, 6, 6, 6) : cell), usual());
        assertThat(requireNonNull(cause.where()).dimension()).isEqualTo("tenant");
        assertThat(cause.where().value()).isEqualTo("search");
        assertThat(cause.where().share()).isCloseTo(1, within(1e-9));
        assertThat(cause.what()).isEqualTo(Factor.REQUESTS);
    }

    @Test
    void namesLongerPromptsOfATenant() {
        Cause cause = Cause.of(changed(cell -> is(cell, "tenant", "shop") ? times(cell, 1, 1, 3, 3) : cell), usual());
        assertThat(requireNonNull(cause.where()).value()).isEqualTo("shop");
        assertThat(cause.what()).isEqualTo(Factor.TOKENS_PER_CALL);
    }

    @Test
    void namesAPriceThatRose() {
        Cause cause = Cause.of(changed(cell -> is(cell, "model", "local/small") ? times(cell, 1, 1, 1, 9) : cell),
                usual());
        assertThat(requireNonNull(cause.where()).value()).isEqualTo("local/small");
        assertThat(cause.what()).isEqualTo(Factor.PRICE_PER_TOKEN);
    }

    @Test
    void namesRetriesEverywhere() {
        Cause cause = Cause.of(changed(cell -> times(cell, 1, 3, 3, 3)), usual());
        assertThat(cause.where()).as("no value rose more than the others").isNull();
        assertThat(cause.what()).isEqualTo(Factor.CALLS_PER_REQUEST);
    }

    @Test
    void partsAddUpToTheExcess() {
        List<Cell> now = changed(cell -> times(cell, 1.2, 1.5, 1.1, 2.3));
        Cause cause = Cause.of(now, usual());
        double excess = now.stream().mapToDouble(Cell::cost).sum() - usual().stream().mapToDouble(Cell::cost).sum();
        assertThat(cause.factors().stream().mapToDouble(Cause.Part::excess).sum()).isCloseTo(excess, within(1e-9));
    }

    @Test
    void countsWhatWasNeverThereAsMoreRequests() {
        Cell fresh = new Cell(Map.of("tenant", "intern", "model", "openai/large"), 50, 50, 5_000, 400);
        List<Cell> now = new ArrayList<>(usual());
        now.add(fresh);
        Cause cause = Cause.of(now, usual());
        assertThat(requireNonNull(cause.where()).value()).isEqualTo("intern");
        assertThat(cause.what()).isEqualTo(Factor.REQUESTS);
        assertThat(cause.factors().getFirst()).isEqualTo(new Cause.Part(Factor.REQUESTS, null, 400));
    }

    private static List<Cell> usual() {
        return changed(cell -> cell);
    }

    private static List<Cell> changed(UnaryOperator<Cell> change) {
        List<Cell> cells = new ArrayList<>();
        for (String tenant : TENANTS) {
            for (String model : MODELS) {
                cells.add(change.apply(new Cell(Map.of("tenant", tenant, "model", model), 100, 105, 90_000,
                        model.startsWith("openai") ? 12 : 3)));
            }
        }
        return cells;
    }

    private static boolean is(Cell cell, String dimension, String value) {
        return value.equals(cell.dimensions().get(dimension));
    }

    private static Cell times(Cell cell, double requests, double attempts, double tokens, double cost) {
        return new Cell(cell.dimensions(), cell.requests() * requests, cell.attempts() * attempts,
                cell.tokens() * tokens, cell.cost() * cost);
    }
}
