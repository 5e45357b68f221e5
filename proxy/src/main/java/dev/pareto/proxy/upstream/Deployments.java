package dev.pareto.proxy.upstream;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that serve each model. A vendor with several addresses is used in turn, skipping those whose breaker is open.
 * Follows the catalogue in force; breakers outlive a reload. Thread-safe.
 */
public final class Deployments {

    /** Callers can name models that nobody listed, so their number is bounded here; a forgotten breaker begins closed. */
    private static final int MAX_BREAKERS = 5_000;

    private final Supplier<Catalogue> catalogue;
    private final List<Upstreams> makers;
    private final Cache<String, CircuitBreaker> breakers = Caffeine.newBuilder().maximumSize(MAX_BREAKERS).build();
    private final AtomicInteger turn = new AtomicInteger();

    public Deployments(Supplier<Catalogue> catalogue, List<Upstreams> makers) {
        this.catalogue = catalogue;
        this.makers = List.copyOf(makers);
    }

    /** The next deployment of a model, one whose breaker lets calls through if there is one; empty when the model has none. */
    public Optional<Deployment> next(ModelId id) {
        List<Deployment> all = all(id);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        int first = Math.floorMod(turn.getAndIncrement(), all.size());
        for (int i = 0; i < all.size(); i++) {
            Deployment candidate = all.get((first + i) % all.size());
            if (mayPass(candidate.breaker())) {
                return Optional.of(candidate);
            }
        }
        return Optional.of(all.get(first));
    }

    /** Whether a call to the model could go out now; for decisions, which then choose another. */
    public boolean available(ModelId id) {
        return all(id).stream().anyMatch(deployment -> mayPass(deployment.breaker()));
    }

    private List<Deployment> all(ModelId id) {
        Catalogue now = catalogue.get();
        Model model = now.served(id).orElse(null);
        Vendor vendor = now.vendor(id.vendor()).orElse(null);
        if (model == null || vendor == null) {
            return List.of();
        }
        if (vendor.urls().isEmpty()) {
            return deployment(vendor, model, null).map(List::of).orElse(List.of());
        }
        List<Deployment> all = new ArrayList<>(vendor.urls().size());
        for (URI url : vendor.urls()) {
            deployment(vendor, model, url).ifPresent(all::add);
        }
        return all;
    }

    private Optional<Deployment> deployment(Vendor vendor, Model model, @Nullable URI url) {
        for (Upstreams maker : makers) {
            Optional<Upstream> made = maker.make(vendor, model, url);
            if (made.isPresent()) {
                return Optional.of(new Deployment(model, vendor, made.get(), breaker(vendor, model, url)));
            }
        }
        return Optional.empty();
    }

    private CircuitBreaker breaker(Vendor vendor, Model model, @Nullable URI url) {
        dev.pareto.policies.catalog.CircuitBreaker wanted = vendor.resilience().circuitBreaker();
        String name = model.id() + (url == null ? "" : " " + url) + " " + wanted;
        return breakers.get(name, key -> CircuitBreaker.of(key, CircuitBreakerConfig.custom()
                .failureRateThreshold((float) (wanted.failureRate() * 100))
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(wanted.window())
                .minimumNumberOfCalls(Math.max(1, wanted.window() / 2))
                .waitDurationInOpenState(wanted.openFor())
                .permittedNumberOfCallsInHalfOpenState(2)
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .writableStackTraceEnabled(false)
                .build()));
    }

    private static boolean mayPass(CircuitBreaker breaker) {
        return breaker.getState() != CircuitBreaker.State.OPEN
                && breaker.getState() != CircuitBreaker.State.FORCED_OPEN;
    }
}
