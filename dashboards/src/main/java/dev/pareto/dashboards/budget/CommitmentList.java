package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.budget.BudgetPlan;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every commitment and what is used of it, {@code GET /api/commitments}. */
public record CommitmentList(String currency, Instant generatedAt, List<CommitmentLine> commitments)
        implements
            Report {

    public CommitmentList {
        commitments = List.copyOf(commitments);
    }

    /** As the configuration names them. */
    public static CommitmentList of(List<CommitmentStanding> standings, Instant now) {
        return new CommitmentList(BudgetPlan.CURRENCY, now,
                standings.stream().map(one -> CommitmentLine.of(one, now)).toList());
    }

    @Override
    public Sheet sheet() {
        return new Sheet("commitments",
                List.of("commitment", "models", "from", "to", "per", "zone", "month", "next", "amount", "used", "left",
                        "beyond", "reserved", "share", "unused_at_pace", "unpriced_calls", "state"),
                commitments.stream().map(CommitmentList::row).toList());
    }

    private static List<@Nullable Object> row(CommitmentLine it) {
        return Sheet.row(it.name(), String.join(" ", it.models()), it.from(), it.to(), it.per(), it.zone(), it.month(),
                it.next(), it.amount().value(), value(it.used()), value(it.left()), value(it.beyond()),
                value(it.reserved()), it.share(), value(it.unusedAtPace()), it.unpriced(), it.state());
    }

    private static @Nullable BigDecimal value(@Nullable Amount amount) {
        return amount == null ? null : amount.value();
    }
}
