package dev.pareto.proxy.route;

import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.WhenUsedUp;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.CascadeStep;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.budget.BudgetDesk;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.meter.Budgets;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.MeteredRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request whose budget is used up to a cheaper model, where the budget says so. The engine decides again as if the caller had
 * named that model: the swap gate, the floors and the refusals hold as ever, and where it may not serve the budget refuses. Thread-safe.
 */
public final class BudgetPlanner implements Planner {

    private static final String MODEL = "Pareto-Model";

    private final Planner engine;
    private final BudgetDesk desk;
    private final Meter meter;
    private final Supplier<ParetoConfig> config;
    private final InstantSource clock;

    public BudgetPlanner(Planner engine, BudgetDesk desk, Meter meter, Supplier<ParetoConfig> config,
            InstantSource clock) {
        this.engine = engine;
        this.desk = desk;
        this.meter = meter;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public Planned plan(OpenAiRequest request, Caller caller, HttpHeaders headers) {
        Planned planned = engine.plan(request, caller, headers);
        if (config.get().budgets().isEmpty() || headers.contains(MODEL)) {
            return planned;
        }
        BudgetPlan missing = missing(planned);
        if (missing == null || missing.whenUsedUp() != WhenUsedUp.DOWNGRADE) {
            return planned;
        }
        for (ModelId cheaper : missing.downgradeTo()) {
            Planned other = instead(request, caller, headers, cheaper);
            if (other != null && missing(other) == null) {
                return other.because("budget " + missing.name() + " is used up, so " + cheaper + " serves");
            }
        }
        return planned;
    }

    /** As if the caller had asked for it; null where it may not serve. */
    private @Nullable Planned instead(OpenAiRequest request, Caller caller, HttpHeaders headers, ModelId cheaper) {
        try {
            Planned other = engine.plan(request, caller, headers.copy().set(MODEL, cheaper.toString()));
            return first(other).equals(cheaper) ? other : null;
        } catch (RefusedException mayNot) {
            return null;
        }
    }

    private @Nullable BudgetPlan missing(Planned planned) {
        Budgets.Call call = call(planned.plan().metered(), first(planned));
        return call == null ? null : desk.missing(call);
    }

    private static ModelId first(Planned planned) {
        CascadeStep.Ask cascade = planned.cascade();
        return cascade == null ? planned.plan().chain().getFirst() : cascade.plan().first();
    }

    private Budgets.@Nullable Call call(MeteredRequest request, ModelId id) {
        ParetoConfig now = config.get();
        Model model = now.catalogue().served(id).orElse(null);
        boolean simulated = now.catalogue().vendor(id.vendor()).map(vendor -> vendor.simulated()).orElse(false);
        return model == null || simulated
                ? null
                : new Budgets.Call(request.tenant(), request.tags(), request.route(), id,
                        meter.worstCase(request, model),
                        clock.instant());
    }
}
