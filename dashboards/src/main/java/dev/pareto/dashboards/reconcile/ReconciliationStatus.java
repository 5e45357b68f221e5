package dev.pareto.dashboards.reconcile;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** How the ledger and a vendor's word compare. */
public enum ReconciliationStatus {
    /** They agree, or differ by no more than half a per cent or a cent. */
    MATCHED,
    /** The same was used, at another price: a row of the price book is wrong. */
    PRICE,
    /** The vendor has more: calls went by the gateway, or streams were lost. */
    MISSING,
    /** The ledger has more: something was counted twice, or estimated too high. */
    EXCESS,
    /** A line of the vendor's bill that the ledger has no word for. */
    UNMAPPED,
    /** The vendor was not asked yet. */
    NOT_FETCHED;

    private static final BigDecimal SHARE = new BigDecimal("0.005");
    private static final BigDecimal LEAST = new BigDecimal("0.01");

    static ReconciliationStatus of(@Nullable BigDecimal ledgerQuantity, @Nullable BigDecimal vendorQuantity,
            Amount ledger, Amount vendor) {
        boolean counted = false;
        if (ledgerQuantity != null && vendorQuantity != null) {
            if (!near(ledgerQuantity, vendorQuantity, BigDecimal.ZERO)) {
                return vendorQuantity.compareTo(ledgerQuantity) > 0 ? MISSING : EXCESS;
            }
            counted = true;
        }
        if (near(ledger.value(), vendor.value(), LEAST)) {
            return MATCHED;
        }
        if (counted) {
            return PRICE;
        }
        return vendor.value().compareTo(ledger.value()) > 0 ? MISSING : EXCESS;
    }

    /** Within half a per cent of the larger, or within {@code least}. */
    static boolean near(BigDecimal one, BigDecimal other, BigDecimal least) {
        BigDecimal allowed = one.abs().max(other.abs()).multiply(SHARE).setScale(18, RoundingMode.UP).max(least);
        return one.subtract(other).abs().compareTo(allowed) <= 0;
    }
}
