package dev.pareto.proxy.budget;

import dev.pareto.dashboards.budget.Standing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;

/** Where budgets stand, for Prometheus. Trends only: the exact figures are the ledger's. */
public final class BudgetMeters {

    private final MultiGauge limit;
    private final MultiGauge spent;
    private final MultiGauge reserved;
    private final MultiGauge left;
    private final MultiGauge used;
    private final MultiGauge refused;

    public BudgetMeters(MeterRegistry registry) {
        limit = gauge(registry, "pareto.budget.limit.usd", "What may be spent in the running period, top-ups included");
        spent = gauge(registry, "pareto.budget.spent.usd", "What was spent in the running period");
        reserved = gauge(registry, "pareto.budget.reserved.usd", "The worst case of calls under way");
        left = gauge(registry, "pareto.budget.left.usd", "What may still be spent; negative where more was");
        used = gauge(registry, "pareto.budget.used.ratio", "The spent share of the limit");
        refused = gauge(registry, "pareto.budget.refused", "Calls that did not fit in the running period");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    void show(List<Standing> standings) {
        rows(limit, standings, Standing::limit);
        rows(spent, standings, Standing::spent);
        rows(reserved, standings, Standing::reserved);
        rows(left, standings, Standing::left);
        rows(refused, standings, it -> BigDecimal.valueOf(it.refused()));
        used.register(standings.stream()
                .map(it -> MultiGauge.Row.of(tags(it), it.spent().doubleValue() / it.limit().doubleValue()))
                .toList(), true);
    }

    private static void rows(MultiGauge gauge, List<Standing> standings, Function<Standing, BigDecimal> figure) {
        gauge.register(
                standings.stream().map(it -> MultiGauge.Row.of(tags(it), figure.apply(it).doubleValue())).toList(),
                true);
    }

    private static Tags tags(Standing it) {
        return Tags.of("budget", it.plan().name(), "period", it.plan().period().every().text());
    }
}
