package dev.pareto.proxy.meter;

import java.time.Duration;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.catalog.Model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's meters. Tags hold models and routes of the configuration and our own codes only, never what a caller wrote, so
 * that their number is bounded: the models that nobody listed share one tag a vendor.
 */
public final class Meters {

    private final MeterRegistry registry;
    private final Timer overhead;
    private final Counter ledgerFailures;
    private final GenAiMeters standard;

    public Meters(MeterRegistry registry) {
        this.registry = registry;
        standard = new GenAiMeters(registry);
        overhead = Timer.builder("pareto.overhead")
                .description("Time that the gateway itself took of a request")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(20_000))
                .maximumExpectedValue(Duration.ofSeconds(1))
                .register(registry);
        ledgerFailures = Counter.builder("pareto.ledger.failures")
                .description("Settlements that could not be written")
                .register(registry);
    }

    /** A request was answered or refused. */
    public void request(String endpoint, String route, boolean streamed, int status, Duration took) {
        Timer.builder("pareto.requests")
                .description("Requests by status")
                .tag("endpoint", endpoint)
                .tag("route", route)
                .tag("streamed", String.valueOf(streamed))
                .tag("status", String.valueOf(status))
                .register(registry)
                .record(took);
    }

    public void overhead(Duration own) {
        overhead.record(own);
    }

    void attempt(Model model, AttemptRole role, AttemptState state, @Nullable String errorCode, Duration took) {
        Timer.builder("pareto.attempts")
                .description("Upstream calls by outcome")
                .tag("model", tag(model))
                .tag("role", role.name())
                .tag("state", state.name())
                .tag("error", errorCode == null ? "none" : errorCode)
                .register(registry)
                .record(took);
    }

    /** The same and more under the names that are common to all. */
    GenAiMeters standard() {
        return standard;
    }

    void firstByte(Model model, Duration took) {
        Timer.builder("pareto.first.byte")
                .description("Time to the first byte of an answer")
                .tag("model", tag(model))
                .register(registry)
                .record(took);
    }

    /**
     * A cascade came to its end.
     *
     * @param model that was asked first
     * @param outcome accepted, escalated or kept
     * @param why one of our own words for what decided it
     * @param added what the first call added to the answer's latency; zero for an accepted one
     */
    public void cascade(String route, Model model, String outcome, String why, Duration added) {
        Timer.builder("pareto.cascades")
                .description(
                        "Answers of cascades' first models by what became of them, with the latency that they added")
                .tag("route", route)
                .tag("model", tag(model))
                .tag("outcome", outcome)
                .tag("why", why)
                .register(registry)
                .record(added);
    }

    void unpriced(Model model) {
        Counter.builder("pareto.unpriced")
                .description("Attempts whose model has no price")
                .tag("model", tag(model))
                .register(registry)
                .increment();
    }

    /** A paid answer came without any word of what it used. */
    void usageMissing(Model model) {
        Counter.builder("pareto.ledger.usage.missing")
                .description("Whole answers without usage: their cost is an estimate")
                .tag("model", tag(model))
                .register(registry)
                .increment();
    }

    void usageInconsistent(Model model) {
        Counter.builder("pareto.ledger.usage.inconsistent")
                .description("Answers whose usage contradicts itself")
                .tag("model", tag(model))
                .register(registry)
                .increment();
    }

    /** Money as floating point, for trends on a board; the ledger has the exact figures. */
    void spend(Spend it) {
        add("pareto.cost.usd", "What calls cost, for trends; the ledger has the exact figures", it.cost(), "model",
                tag(it.model()), "role", it.role().name());
        add("pareto.cost.estimated.usd", "The part that rests on our own counts", it.estimated() ? it.cost() : 0,
                "vendor", it.model().id().vendor());
        add("pareto.cost.wasted.usd", "The part that brought no whole answer",
                it.state() == AttemptState.SETTLED ? 0 : it.cost(), "state", it.state().name());
        if (it.isCompared()) {
            add("pareto.cost.baseline.usd", "What the baselines would have cost", it.baselineCost());
            add("pareto.cost.compared.usd", "What the calls cost that have a baseline", it.cost());
        }
        it.tokens()
                .forEach((kind, count) -> add("pareto.tokens", "Tokens by kind", count, "model", tag(it.model()),
                        "kind", kind));
    }

    private void add(String name, String description, double amount, String... tags) {
        Counter.builder(name).description(description).tags(tags).register(registry).increment(Math.max(0, amount));
    }

    void ledgerFailed() {
        ledgerFailures.increment();
    }

    private static String tag(Model model) {
        return model.listed() ? model.id().toString() : model.id().vendor() + "/(unlisted)";
    }
}
