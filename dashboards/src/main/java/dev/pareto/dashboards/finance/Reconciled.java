package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Filter;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.reconcile.ReconciledDay;
import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.reconcile.ReconciliationStatus;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of the spend vendors have confirmed. Vendors answer by whole UTC days of all callers, so that a filter by anything but the
 * vendor does not narrow it; own machines and simulated calls, which nobody bills, are left out.
 *
 * @param share confirmed among all; null where no vendor was asked or nothing was spent
 * @param confirmed spend of days that agree with the vendor's own account
 * @param spend of all days at vendors who bill
 * @param vendors by vendor; empty where none was asked
 */
public record Reconciled(String currency, @Nullable BigDecimal share, Amount confirmed, Amount spend,
        List<ByVendor> vendors) implements Report {

    public Reconciled {
        vendors = List.copyOf(vendors);
    }

    /**
     * One vendor.
     *
     * @param matched days that agree
     * @param differing days that do not
     * @param open days that the vendor was not asked about
     */
    public record ByVendor(String vendor, long matched, long differing, long open, Amount confirmed, Amount spend) {

        static ByVendor of(String vendor, List<ReconciledDay> days) {
            Amount confirmed = Amount.ZERO;
            Amount spend = Amount.ZERO;
            long matched = 0;
            long open = 0;
            for (ReconciledDay day : days) {
                spend = spend.plus(day.ledger());
                if (day.status() == ReconciliationStatus.MATCHED) {
                    matched++;
                    confirmed = confirmed.plus(day.ledger());
                } else if (day.status() == ReconciliationStatus.NOT_FETCHED) {
                    open++;
                }
            }
            return new ByVendor(vendor, matched, days.size() - matched - open, open, confirmed, spend);
        }
    }

    /** Computes it; cheap while no vendor was ever asked. */
    static Reconciled of(Question question, String book, Reconciliation reconciliation) {
        LocalDate from = question.span().from().atOffset(ZoneOffset.UTC).toLocalDate();
        LocalDate to = question.span().to().minusSeconds(1).atOffset(ZoneOffset.UTC).toLocalDate();
        if (to.isBefore(from) || reconciliation.asked(from, to).isEmpty()) {
            return new Reconciled(book, null, Amount.ZERO, Amount.ZERO, List.of());
        }
        List<ByVendor> vendors = reconciliation.vendors(from, to)
                .stream()
                .filter(vendor -> asked(question, vendor))
                .map(vendor -> ByVendor.of(vendor,
                        reconciliation.days(vendor, from, to)
                                .stream()
                                .filter(day -> day.currency().equals(book))
                                .toList()))
                .toList();
        Amount confirmed = vendors.stream().map(ByVendor::confirmed).reduce(Amount.ZERO, Amount::plus);
        Amount spend = vendors.stream().map(ByVendor::spend).reduce(Amount.ZERO, Amount::plus);
        return new Reconciled(book, confirmed.shareOf(spend), confirmed, spend, vendors);
    }

    private static boolean asked(Question question, String vendor) {
        return question.filters()
                .stream()
                .filter(filter -> filter.dimension().equals(Dimension.VENDOR))
                .map(Filter::values)
                .allMatch(values -> values.contains(vendor));
    }

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (ByVendor it : vendors) {
            rows.add(Sheet.row(it.vendor(), it.matched(), it.differing(), it.open(), it.confirmed().value(),
                    it.spend().value(), currency));
        }
        return new Sheet("reconciled",
                List.of("vendor", "days_matched", "days_differing", "days_open", "confirmed", "spend", "currency"),
                rows);
    }
}
