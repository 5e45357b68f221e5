package dev.pareto.proxy.upstream;

import java.util.Objects;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.Resilience;
import dev.pareto.policies.catalog.Vendor;

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

    public Resilience resilience() {
        return vendor.resilience();
    }
}
