package dev.pareto.dashboards.reconcile;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One model and bucket of one day, on both sides.
 *
 * @param model as the vendor names it, without a snapshot's date; null for a line that is about none
 * @param item what is on the other side, in our word (a bucket) or in the vendor's (a line of its bill)
 * @param ledgerQuantity null when the ledger has none
 * @param vendorQuantity null when the vendor does not tell
 * @param difference the vendor's word less the ledger's
 */
public record ReconciledLine(@Nullable String model, String item, @Nullable BigDecimal ledgerQuantity,
        @Nullable BigDecimal vendorQuantity, Amount ledger, Amount vendor, Amount difference,
        ReconciliationStatus status) {}
