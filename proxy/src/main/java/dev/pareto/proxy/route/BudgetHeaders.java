package dev.pareto.proxy.route;

import dev.pareto.dashboards.budget.Standing;
import dev.pareto.policies.budget.BudgetPeriod.Window;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.budget.BudgetDesk;
import dev.pareto.proxy.meter.Budgets;
import dev.pareto.proxy.meter.MeteredRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Tells a caller of the budget that has the least left. Thread-safe. */
public final class BudgetHeaders {

    static final String BUDGET = "Pareto-Budget";
    static final String LEFT_USD = "Pareto-Budget-Left-Usd";
    static final String RESETS = "Pareto-Budget-Resets";
    static final String WARNING = "Pareto-Budget-Warning";

    private final BudgetDesk desk;
    private final InstantSource clock;

    public BudgetHeaders(BudgetDesk desk, InstantSource clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /** Nothing where the call is of no budget. */
    void write(HttpHeaders headers, MeteredRequest request, ModelId served) {
        List<Standing> all = desk
                .standings(new Budgets.Call(request.tenant(), request.tags(), request.route(), served, null,
                        clock.instant()));
        if (all.isEmpty()) {
            return;
        }
        Standing least = all.getFirst();
        headers.set(BUDGET, Replies.plain(least.plan().name()));
        headers.set(LEFT_USD, Money.plain(least.left()));
        Window period = least.window();
        Instant to = period.to();
        if (to != null) {
            headers.set(RESETS, to.toString());
        }
        List<String> over = all.stream()
                .filter(it -> it.left().signum() <= 0)
                .map(it -> it.plan().name())
                .toList();
        if (!over.isEmpty()) {
            headers.set(WARNING, Replies.plain("used up: " + String.join(", ", over)));
        }
    }
}
