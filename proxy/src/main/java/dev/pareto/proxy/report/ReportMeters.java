package dev.pareto.proxy.report;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How sending reports goes. */
public final class ReportMeters implements MeterBinder {

    private final ReportSender sender;

    public ReportMeters(ReportSender sender) {
        this.sender = sender;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (ReportSender.Way way : ReportSender.Way.values()) {
            for (boolean sent : new boolean[]{true, false}) {
                FunctionCounter.builder("pareto.reports.tries", sender, it -> it.tries(way, sent))
                        .tag("way", way.text())
                        .tag("outcome", sent ? "sent" : "failed")
                        .description("Tries to send a scheduled report")
                        .register(registry);
            }
        }
    }
}
