package dev.pareto.dashboards.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@code GET /api/routing}.
 *
 * @param routes declared ones by name
 */
public record RoutingList(String period, List<Row> routes) {

    public RoutingList {
        routes = List.copyOf(routes);
    }

    /**
     * A route.
     *
     * @param sentence what it does, for people
     * @param requests answered in the period
     * @param shares by model, the largest first
     */
    public record Row(String route, @Nullable String policy, String sentence, List<String> candidates,
            @Nullable String baseline, long requests, List<Share> shares) {

        public Row {
            candidates = List.copyOf(candidates);
            shares = List.copyOf(shares);
        }
    }

    /** Answers of one model. */
    public record Share(String model, long requests) {}
}
