package dev.pareto.dashboards.closing;

import dev.pareto.dashboards.report.Amount;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A month of the books.
 *
 * @param totals what is booked in it, by currency; for a closed month as it was frozen
 * @param checks what must hold, in the order of the work
 * @param frozen null while it is open
 */
public record MonthState(YearMonth month, Map<String, Amount> totals, long attempts, long adjustments,
        List<MonthCheck> checks, @Nullable Frozen frozen) {

    /**
     * How it was closed.
     *
     * @param hash of the entry in the chain, over everything booked before it; hexadecimal
     * @param day and {@code seq}: where the entry stands in the chain
     */
    public record Frozen(Instant at, String by, String replica, String day, long seq, String hash) {}

    public MonthState {
        totals = Map.copyOf(totals);
        checks = List.copyOf(checks);
    }

    /** What keeps it open. */
    public List<MonthCheck> open() {
        return checks.stream().filter(check -> check.state() == MonthCheck.State.OPEN).toList();
    }
}
