package dev.pareto.dashboards.reconcile;

import dev.pareto.dashboards.report.Amount;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One UTC day of one vendor, in one currency.
 *
 * @param fetchedAt when the vendor was asked; null when it never was
 * @param ledger what was billed for calls of the day
 * @param adjusted what true-ups and prices found late add to it; credits are no part of a vendor's account of use
 * @param vendorCost the vendor's word; null when it was not asked
 * @param difference the vendor's word less ours; null when it was not asked
 * @param lines by size of the difference
 */
public record ReconciledDay(String vendor, LocalDate day, ReconciliationStatus status, @Nullable Instant fetchedAt,
        String currency, Amount ledger, Amount adjusted, @Nullable Amount vendorCost, @Nullable Amount difference,
        List<ReconciledLine> lines) {

    public ReconciledDay {
        lines = List.copyOf(lines);
    }
}
