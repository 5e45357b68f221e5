package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;

/**
 * Names one replacement.
 *
 * @param route whose traffic
 * @param candidate the open model
 * @param segment the part of the traffic with a life of its own; {@link #REST} for all that has none
 */
public record SwapKey(String route, ModelId candidate, String segment) {

    public static final String REST = "";

    public SwapKey {
        requireNonNull(route, "route is null");
        requireNonNull(candidate, "candidate is null");
        requireNonNull(segment, "segment is null");
    }

    /** Of a route's whole traffic. */
    public SwapKey(String route, ModelId candidate) {
        this(route, candidate, REST);
    }

    /** What makes the shares of different swaps independent of each other. */
    public String salt() {
        return segment.isEmpty() ? route + "/" + candidate : route + "/" + candidate + "#" + segment;
    }

    @Override
    public String toString() {
        return "swap of " + route + (segment.isEmpty() ? "" : " (" + segment + ")") + " to " + candidate;
    }
}
