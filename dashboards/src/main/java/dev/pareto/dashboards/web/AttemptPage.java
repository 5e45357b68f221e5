package dev.pareto.dashboards.web;

import dev.pareto.dashboards.report.AttemptRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@code GET /api/attempts}.
 *
 * @param next what to give as {@code before} for the next page; null on the last
 */
public record AttemptPage(List<AttemptRow> attempts, @Nullable String next) {

    public AttemptPage {
        attempts = List.copyOf(attempts);
    }
}
