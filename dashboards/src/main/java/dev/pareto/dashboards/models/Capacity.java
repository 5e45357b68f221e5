package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether machines of the house pay, and how near vendors' limits are.
 *
 * @param against the model at whose price the machines' tokens are laid; null when no closed model in use has a price
 * @param comparable models that they can be laid at
 * @param total of machines whose time was booked
 * @param machines dearest first; whole, whatever is filtered but the vendor
 * @param steps what each point of the series is called
 * @param week hour by hour from Monday 00:00 in the question's zone: 168 cells
 * @param engines models of this process, at this moment
 * @param limits by model, those refused most often first
 */
public record Capacity(Frame frame, @Nullable String against, List<String> comparable, Total total,
        List<Machine> machines, List<String> steps, List<Point> series, List<Cell> week,
        List<Surroundings.Engine> engines, List<Limit> limits) implements Report {

    public Capacity {
        comparable = List.copyOf(comparable);
        machines = List.copyOf(machines);
        steps = List.copyOf(steps);
        series = List.copyOf(series);
        week = List.copyOf(week);
        engines = List.copyOf(engines);
        limits = List.copyOf(limits);
    }

    /**
     * What machines cost and did. Seconds and idle money are what the gateway booked, every ten minutes.
     *
     * @param usedSeconds with at least one request
     * @param idleSeconds without any
     * @param utilisation used seconds of both; null when no time was booked
     * @param charged cost of the used seconds
     * @param idle cost of the idle ones
     * @param whole both
     * @param perMillion whole cost for each million tokens; null without tokens or where no time was booked
     * @param atFullUse what a million tokens would cost at the same speed and no idle second
     * @param bought what the same tokens would cost at the price of {@code against}; null when that is unknown
     * @param boughtPerMillion the same for each million
     * @param breakEven the utilisation from which the machines are the cheaper; above 1 they never are at this speed
     * @param gain {@code bought - whole}; negative when the machines cost more
     */
    public record Total(BigDecimal usedSeconds, BigDecimal idleSeconds, @Nullable BigDecimal utilisation,
            Amount charged,
            Amount idle, Amount whole, BigDecimal inputTokens, BigDecimal outputTokens, @Nullable Amount perMillion,
            @Nullable Amount atFullUse, @Nullable Amount bought, @Nullable Amount boughtPerMillion,
            @Nullable BigDecimal breakEven, @Nullable Amount gain) {}

    /**
     * A vendor whose models run on machines of the house.
     *
     * @param perHour the rate in force now; null when nobody stated one
     * @param tokensPerSecond of output, while it worked; null without time
     */
    public record Machine(String vendor, boolean embedded, @Nullable Amount perHour, long calls, Total use,
            @Nullable BigDecimal tokensPerSecond, List<String> models) {

        public Machine {
            models = List.copyOf(models);
        }
    }

    /** One step of time. */
    public record Point(Amount charged, Amount idle, @Nullable BigDecimal utilisation) {}

    /**
     * One hour of the week.
     *
     * @param day 1 for Monday
     * @param utilisation null where no time was booked
     */
    public record Cell(int day, int hour, BigDecimal usedSeconds, @Nullable BigDecimal utilisation) {}

    /**
     * A model and how often its vendor had no room. What vendors allow is not in the ledger.
     *
     * @param busy calls answered with 429
     * @param busyShare of its calls
     * @param busyHours hours with at least one of them
     * @param retries calls made again after a failure
     * @param busiestCalls calls in its busiest hour
     * @param busiestTokens tokens, in and out, in the hour with most of them
     * @param atOnce calls under way at the same time, on average over the period, whatever is filtered but the model; within 2.5 %
     */
    public record Limit(String model, String vendor, long calls, long failed, long busy, @Nullable BigDecimal busyShare,
            long busyHours, long retries, long busiestCalls, long busiestTokens, @Nullable BigDecimal atOnce) {}

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> lines = new ArrayList<>();
        for (Machine machine : machines) {
            Total it = machine.use();
            lines.add(Sheet.row("machine", machine.vendor(), String.join(" ", machine.models()), machine.calls(),
                    it.usedSeconds(), it.idleSeconds(), it.utilisation(), it.charged().value(), it.idle().value(),
                    it.whole().value(), frame.currency(), it.inputTokens(), it.outputTokens(), value(it.perMillion()),
                    value(it.atFullUse()), value(it.boughtPerMillion()), it.breakEven(), null, null, null, null));
        }
        for (Limit it : limits) {
            lines.add(Sheet.row("limit", it.vendor(), it.model(), it.calls(), null, null, null, null, null, null, null,
                    null, null, null, null, null, null, it.busy(), it.retries(), it.busiestCalls(),
                    it.busiestTokens()));
        }
        return new Sheet("capacity",
                List.of("kind", "vendor", "model", "calls", "used_seconds", "idle_seconds", "utilisation", "charged",
                        "idle", "whole", "currency", "input_tokens", "output_tokens", "per_million",
                        "per_million_at_full_use", "bought_per_million", "break_even_utilisation", "refused_429",
                        "retries", "busiest_hour_calls", "busiest_hour_tokens"),
                lines);
    }

    private static @Nullable BigDecimal value(@Nullable Amount amount) {
        return amount == null ? null : amount.value();
    }
}
