package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What caches earned: those of vendors, which read a prompt's beginning again for less; the gateway's own, which answers the same
 * request again; and those of engines in this process.
 *
 * @param by what the rows are divided by
 * @param steps what each point of the series is called
 * @param rows largest effect first
 * @param engines models of this process, at this moment
 * @param offenders routes with long prompts of which little came from a cache, dearest first
 */
public record Caches(Frame frame, Dimension by, Value total, List<String> steps, List<Point> series, List<Row> rows,
        Answers answers, List<Surroundings.Engine> engines, List<Offender> offenders) implements Report {

    public Caches {
        steps = List.copyOf(steps);
        series = List.copyOf(series);
        rows = List.copyOf(rows);
        engines = List.copyOf(engines);
        offenders = List.copyOf(offenders);
    }

    /**
     * Prompt tokens and what their cache was worth.
     *
     * @param fresh tokens that no cache knew
     * @param read tokens from a cache
     * @param written tokens that were charged for being kept
     * @param hitRatio read tokens among all of the prompts; null without any
     * @param saved what the read tokens would have cost fresh, less what they did cost
     * @param extra what the written tokens did cost, less what they would have cost fresh
     * @param net {@code saved - extra}; negative when writing did not pay
     * @param unknown read and written tokens whose fresh price nobody knows; they are in no amount
     * @param readsPerWrite tokens read for each token written, of models whose writes cost something; null when none was
     * @param breakEven reads that a written token needs to pay for itself; null when that is unknown or it is free
     */
    public record Value(BigDecimal fresh, BigDecimal read, BigDecimal written, @Nullable BigDecimal hitRatio,
            Amount saved, Amount extra, Amount net, BigDecimal unknown, @Nullable BigDecimal readsPerWrite,
            @Nullable BigDecimal breakEven) {}

    /** One step of time. */
    public record Point(BigDecimal fresh, BigDecimal read, BigDecimal written, @Nullable BigDecimal hitRatio,
            Amount net) {}

    /** @param value empty for what has none */
    public record Row(String value, Value worth) {}

    /**
     * The gateway's cache of answers.
     *
     * @param hits requests answered from it
     * @param share of the requests; null when there were none
     * @param avoided what the baselines would have cost for the same answers, where they are known
     */
    public record Answers(long hits, long requests, @Nullable BigDecimal share, Amount avoided,
            List<RouteAnswers> routes) {

        public Answers {
            routes = List.copyOf(routes);
        }
    }

    /** The same of one route. */
    public record RouteAnswers(String route, long hits, long requests, @Nullable BigDecimal share, Amount avoided) {}

    /**
     * Prompts that may be worth caching. Whether they begin alike is not in the ledger, which holds no content.
     *
     * @param promptPerCall tokens
     * @param hitRatio of its prompts
     * @param freshCost what the fresh tokens cost
     * @param freshPrice of a million tokens, in force now
     * @param readPrice of a million tokens read from the vendor's cache, in force now
     * @param tenth what would be saved if a tenth of the fresh tokens were read from the cache
     */
    public record Offender(String route, String model, long calls, long promptPerCall, @Nullable BigDecimal hitRatio,
            BigDecimal fresh, Amount freshCost, Amount freshPrice, Amount readPrice, Amount tenth) {}

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> lines = new ArrayList<>();
        for (Row row : rows) {
            Value it = row.worth();
            lines.add(Sheet.row(row.value(), it.fresh(), it.read(), it.written(), it.hitRatio(), it.saved().value(),
                    it.extra().value(), it.net().value(), frame.currency(), it.unknown(), it.readsPerWrite(),
                    it.breakEven()));
        }
        return new Sheet("caches",
                List.of(by.id(), "fresh_tokens", "read_tokens", "written_tokens", "hit_ratio", "saved", "paid_extra",
                        "net", "currency", "tokens_of_unknown_price", "reads_per_write", "break_even_reads"),
                lines);
    }
}
