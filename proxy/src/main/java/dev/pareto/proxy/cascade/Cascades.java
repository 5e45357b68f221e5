package dev.pareto.proxy.cascade;

import java.util.Objects;

import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.decide.CascadeStep;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.upstream.Attempts;
import dev.pareto.proxy.upstream.Plan;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Runs requests through their routes' cascades. Thread-safe; cancelling ends every call that is under way and closes its row. */
public final class Cascades {

    final Attempts attempts;
    final Meter meter;
    final VerifierBook verifiers;
    final AcceptanceRates rates;
    final Scheduler judging;

    /** @param judging where answers are judged: no thread that carries other callers' bytes */
    public Cascades(Attempts attempts, Meter meter, VerifierBook verifiers, AcceptanceRates rates, Scheduler judging) {
        this.attempts = Objects.requireNonNull(attempts, "attempts is null");
        this.meter = Objects.requireNonNull(meter, "meter is null");
        this.verifiers = Objects.requireNonNull(verifiers, "verifiers is null");
        this.rates = Objects.requireNonNull(rates, "rates is null");
        this.judging = Objects.requireNonNull(judging, "judging is null");
    }

    /**
     * The caller's one answer. Fails like {@link Attempts#run} when there is none. Nothing goes to the caller before it is decided which
     * model's answer that is.
     *
     * @param plan as decided without the cascade
     */
    public Mono<Served> run(Plan plan, CascadeStep.Ask ask) {
        return Mono.defer(() -> new Course(this, plan, ask).run());
    }
}
