package dev.pareto.proxy.meter;

import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.dashboards.ledger.LedgerStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** How the ledger's writer is doing. */
public final class LedgerMeters implements MeterBinder {

    private final Ledger ledger;

    public LedgerMeters(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("pareto.ledger.queue", ledger, it -> it.stats().queued())
                .description("Operations that wait to be written")
                .register(registry);
        Gauge.builder("pareto.ledger.degraded", ledger, it -> it.stats().degraded() ? 1 : 0)
                .description("1 while the store fails or does not answer, so that nothing is written")
                .register(registry);
        count(registry, "pareto.ledger.written", "Operations made durable", LedgerStats::written);
        count(registry, "pareto.ledger.commits", "Transactions that carried them", LedgerStats::commits);
        count(registry, "pareto.ledger.refused", "Operations refused, for the queue was full or the store silent",
                LedgerStats::refused);
        count(registry, "pareto.ledger.late", "Settlements of rows that were closed already",
                LedgerStats::lateSettlements);
    }

    private void count(MeterRegistry registry, String name, String description, ToDoubleFunction<LedgerStats> value) {
        FunctionCounter.builder(name, ledger, it -> value.applyAsDouble(it.stats()))
                .description(description)
                .register(registry);
    }
}
