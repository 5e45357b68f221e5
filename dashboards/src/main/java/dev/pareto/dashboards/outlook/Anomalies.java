package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.anomaly.Cause;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hours of the period that cost far more than usual, worst first.
 *
 * @param scopes how many lines of spend were searched: all of it, each tenant's, each route's
 * @param unwatched tenants and routes beyond the dearest sixty of each, which were searched as a part of all spend alone
 * @param judgedFrom before it there was too little to tell what is usual; null when the whole period is too early
 * @param tolerance how many standard deviations count as usual
 * @param leastExcess what is not worth anybody's time
 * @param excess of all incidents here
 * @param open how many of them nobody has dealt with
 * @param smaller incidents beyond the forty worst, which are left out
 */
public record Anomalies(Frame frame, int scopes, int unwatched, @Nullable Instant judgedFrom, double tolerance,
        Amount leastExcess,
        Amount excess, int open, int smaller, List<Incident> incidents) implements Report {

    public Anomalies {
        incidents = List.copyOf(incidents);
    }

    /**
     * @param dimension of the line of spend; null for all of it
     * @param actual what those hours cost, exact
     * @param expected what they usually cost
     * @param upper the most that would still be usual
     * @param excess {@code actual} less {@code expected}
     * @param score the oddest hour's distance from usual, in standard deviations
     * @param sentence the cause in words
     * @param alsoIn other lines of spend that show the same
     * @param state where it stands now
     * @param marks what people made of it, oldest first
     */
    public record Incident(Instant from, Instant to, @Nullable String dimension, @Nullable String value, Amount actual,
            Amount expected, Amount upper, Amount excess, double score, Cause cause, String sentence,
            List<String> alsoIn, AnomalyMark.State state, List<AnomalyMark> marks) {

        public Incident {
            alsoIn = List.copyOf(alsoIn);
            marks = List.copyOf(marks);
        }
    }

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        incidents.forEach(it -> rows.add(Sheet.row(it.from(), it.to(), it.dimension(), it.value(), it.actual().value(),
                it.expected().value(), it.upper().value(), it.excess().value(),
                BigDecimal.valueOf(it.score()).setScale(2, RoundingMode.HALF_EVEN), it.sentence(), it.state(),
                it.marks().isEmpty() ? null : it.marks().getLast().by(),
                it.marks().isEmpty() ? null : it.marks().getLast().why())));
        return new Sheet("anomalies", List.of("from", "to", "dimension", "value", "actual", "expected", "upper",
                "excess", "score", "cause", "state", "by", "why"), rows);
    }
}
