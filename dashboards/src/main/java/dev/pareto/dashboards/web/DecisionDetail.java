package dev.pareto.dashboards.web;

import dev.pareto.dashboards.report.AttemptRow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The JSON of {@code GET /api/decisions/{requestId}}.
 *
 * @param decision as the policy engine wrote it; null when none was kept
 * @param attempts in order, each with its charge lines
 */
public record DecisionDetail(String requestId, @Nullable JsonNode decision, List<AttemptRow> attempts) {

    public DecisionDetail {
        attempts = List.copyOf(attempts);
    }
}
