package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the figures of a report can be relied on. Shares are fractions of the spend, null where nothing was spent.
 *
 * @param reportedShare rests on the vendors' own counts
 * @param estimatedShare rests on our own counts or on reservations
 * @param unpriced calls without a price, in no sum
 * @param simulated calls at simulated vendors, which nobody bills
 * @param otherCurrency calls in another currency than the books', in no sum of money
 * @param lastWrite null while the ledger is empty
 * @param months the calendar months (UTC) that the period touches
 */
public record Trust(@Nullable BigDecimal reportedShare, @Nullable BigDecimal estimatedShare, Amount estimated,
        long unpriced, @Nullable BigDecimal simulatedShare, long simulated, long otherCurrency,
        @Nullable Instant lastWrite, List<Month> months) {

    public Trust {
        months = List.copyOf(months);
    }

    /**
     * @param month e.g. {@code 2026-11}
     * @param closed whether it takes no more rows
     */
    public record Month(String month, boolean closed) {}
}
