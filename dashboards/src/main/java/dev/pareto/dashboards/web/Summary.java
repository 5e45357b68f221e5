package dev.pareto.dashboards.web;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.report.ModelRow;
import dev.pareto.dashboards.report.Period;
import dev.pareto.dashboards.report.Totals;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;

/** Says in words what the chart shows, for those who cannot see it or have no time to. */
final class Summary {

    private Summary() {}

    static String of(Period period, String currency, Totals totals, List<ModelRow> models) {
        String when = switch (period) {
            case DAY -> "the last 24 hours";
            case WEEK -> "the last 7 days";
            case MONTH -> "the last 30 days";
        };
        if (totals.attempts() == 0) {
            return "No requests in " + when + ".";
        }
        StringBuilder text = new StringBuilder("Spend over ").append(when)
                .append(" was ")
                .append(prose(totals.spend(), currency));
        BigDecimal share = totals.savedShare();
        if (share != null) {
            text.append(", ").append(compared(share, totals, currency));
        }
        text.append('.');
        models.stream()
                .filter(model -> model.answered() > 0)
                .max(Comparator.comparingLong(ModelRow::answered))
                .ifPresent(busiest -> text.append(shares(busiest, models.getFirst(), totals)));
        return text.toString();
    }

    private static String shares(ModelRow busiest, ModelRow dearest, Totals totals) {
        BigDecimal answers = BigDecimal.valueOf(busiest.answered())
                .divide(BigDecimal.valueOf(totals.answered()), 4, RoundingMode.HALF_EVEN);
        String text = " " + busiest.model() + " gave " + percent(answers) + " of the answers";
        BigDecimal spend = dearest.spendShare();
        if (spend == null) {
            return text + ".";
        }
        boolean same = busiest.model().equals(dearest.model());
        return text + (same ? " and took " : "; " + dearest.model() + " took ") + percent(spend) + " of the spend.";
    }

    private static String compared(BigDecimal share, Totals totals, String currency) {
        return switch (share.signum()) {
            case 1 ->
                prose(totals.saved(), currency) + " (" + percent(share) + ") less than the baselines would have cost";
            case -1 -> prose(new Amount(totals.saved().value().negate()), currency) + " (" + percent(share.negate())
                    + ") more than the baselines would have cost";
            default -> "as much as the baselines would have cost";
        };
    }

    private static String percent(BigDecimal fraction) {
        BigDecimal percent = fraction.movePointRight(2);
        int decimals = percent.signum() != 0 && percent.abs().compareTo(BigDecimal.TEN) < 0 ? 1 : 0;
        return percent.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString() + " %";
    }

    /** Two decimals, or two digits where that would show nothing. */
    private static String prose(Amount amount, String currency) {
        BigDecimal value = amount.value();
        BigDecimal shown = value.abs().compareTo(BigDecimal.ONE) >= 0
                ? value.setScale(2, RoundingMode.HALF_EVEN)
                : value.round(new MathContext(2, RoundingMode.HALF_EVEN));
        return (shown.signum() == 0 ? "0" : shown.toPlainString()) + " " + currency;
    }
}
