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

    public Meters(MeterRegistry registry) {
        this.registry = registry;
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

    void ledgerFailed() {
        ledgerFailures.increment();
    }

    private static String tag(Model model) {
        return model.listed() ? model.id().toString() : model.id().vendor() + "/(unlisted)";
    }
}
