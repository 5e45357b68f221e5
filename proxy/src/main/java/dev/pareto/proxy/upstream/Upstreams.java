package dev.pareto.proxy.upstream;

import java.net.URI;
import java.util.Optional;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.Vendor;

import org.jspecify.annotations.Nullable;

/** Makes the upstream for a kind of vendor; each kind has one maker. */
@FunctionalInterface
public interface Upstreams {

    /**
     * @param url which of the vendor's addresses; null for vendors without
     * @return empty when this maker does not know the vendor's kind
     */
    Optional<Upstream> make(Vendor vendor, Model model, @Nullable URI url);
}
