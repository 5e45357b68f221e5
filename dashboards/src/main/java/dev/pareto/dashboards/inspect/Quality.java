package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the books of a period can be relied on.
 *
 * @param models every model with something doubtful, most doubtful first
 * @param doubts why rows are doubtful, by vendor
 * @param normalisers the versions of the code that read the vendors' counts, of the newest calls of the period
 * @param days the chain of hashes
 * @param latest the newest doubtful calls
 */
public record Quality(Frame frame, Counts counts, List<Model> models, List<Doubt> doubts, List<Normaliser> normalisers,
        Open open, List<Day> days, List<CallRow> latest) implements Report {

    public Quality {
        models = List.copyOf(models);
        doubts = List.copyOf(doubts);
        normalisers = List.copyOf(normalisers);
        days = List.copyOf(days);
        latest = List.copyOf(latest);
    }

    /**
     * @param estimatedShare of the spend
     * @param inconsistent vendors' counts that contradict themselves
     * @param missing answers for which no vendor gave any counts
     * @param skewed rows that end before they begin
     */
    public record Counts(long calls, long estimated, Amount estimatedCost, @Nullable BigDecimal estimatedShare,
            long unpriced, long expired, long inconsistent, long missing, long skewed) {}

    /** One model's doubtful calls. */
    public record Model(String model, String vendor, long calls, long estimated, Amount estimatedCost, long unpriced,
            long unpricedTokens, long expired) {}

    /** @param why {@code inconsistent}, {@code skewed}, {@code unpriced} or where the counts came from */
    public record Doubt(String vendor, String why, long calls) {}

    /** @param version null for calls whose vendor gave no counts */
    public record Normaliser(@Nullable Integer version, long calls) {}

    /**
     * @param overdue beyond their deadline
     * @param oldest null when none is open
     */
    public record Open(long open, long overdue, @Nullable Instant oldest) {}

    /** @param head the last hash of the day, in hexadecimal */
    public record Day(String day, String replica, long entries, String head) {}

    @Override
    public Sheet sheet() {
        return new Sheet("data-quality", List.of("model", "vendor", "calls", "estimated", "estimated_cost", "unpriced",
                "unpriced_tokens", "expired"),
                models.stream()
                        .map(row -> Sheet.row(row.model(), row.vendor(), row.calls(), row.estimated(),
                                row.estimatedCost().value(), row.unpriced(), row.unpricedTokens(), row.expired()))
                        .toList());
    }
}
