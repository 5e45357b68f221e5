package dev.pareto.dashboards.web;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code GET /api/verdicts}: each route's swap with the newest verdict of its pair. */
public record VerdictPanel(List<Row> routes) {

    public VerdictPanel {
        routes = List.copyOf(routes);
    }

    /**
     * One candidate for one route.
     *
     * @param state the swap's state; {@code UNDECIDED} when only a verdict is known
     * @param outcome e.g. {@code NON_INFERIOR}; null when there is no verdict
     * @param sentence the newest verdict in words; null when there is none
     * @param difference candidate's score less the incumbent's, a fraction, with its bounds
     * @param items eval items that the verdict rests on
     */
    public record Row(String route, String candidate, String incumbent, String state, @Nullable Instant since,
            @Nullable String reason, @Nullable String verdictId, @Nullable String outcome, @Nullable String sentence,
            @Nullable Double margin, @Nullable Double difference, @Nullable Double lower, @Nullable Double upper,
            @Nullable Long items, @Nullable Instant createdAt, @Nullable Instant expiresAt, boolean expired,
            boolean simulated) {}
}
