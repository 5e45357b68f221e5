package dev.pareto.dashboards.report;

import java.time.Instant;
import java.util.List;

/**
 * Spend over time.
 *
 * @param stepSeconds length of a step
 * @param starts the start of each step
 * @param models one line each, dearest first
 * @param total the sum of the lines at each step
 */
public record SpendSeries(long stepSeconds, List<Instant> starts, List<Line> models, List<Amount> total) {

    public SpendSeries {
        starts = List.copyOf(starts);
        models = List.copyOf(models);
        total = List.copyOf(total);
    }

    /** One model's spend at each step. */
    public record Line(String model, boolean simulated, Amount sum, List<Amount> spend) {
        public Line {
            spend = List.copyOf(spend);
        }
    }
}
