package dev.pareto.proxy.upstream;

import java.util.Objects;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.Resilience;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;

/** One endpoint that serves a model, with its circuit breaker. */
public record Deployment(Model model, Vendor vendor, Upstream upstream, CircuitBreaker breaker) {

    public Deployment {
        Objects.requireNonNull(model, "model is null");
        Objects.requireNonNull(vendor, "vendor is null");
        Objects.requireNonNull(upstream, "upstream is null");
        Objects.requireNonNull(breaker, "breaker is null");
    }

    public boolean simulated() {
        return vendor.simulated();
    }

    /**
     * Whether the gateway may ask for the usage at the end of a stream although the caller did not. Only vendors over HTTP
     * need asking; the others are ours, and tell it without.
     */
    public boolean asksForUsage() {
        return vendor.kind() == VendorKind.HTTP;
    }

    public Resilience resilience() {
        return vendor.resilience();
    }
}
