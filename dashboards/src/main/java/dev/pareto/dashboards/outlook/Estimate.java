package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.forecast.Band;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Money that is not known yet, with the intervals that hold it in 80 % and in 95 % of cases; to six decimals, for it is no sum of the books. */
public record Estimate(Amount expected, Amount lower80, Amount upper80, Amount lower95, Amount upper95) {

    private static final int DECIMALS = 6;

    public static Estimate of(Band band, Amount known) {
        return new Estimate(plus(known, band.expected()), plus(known, band.lower80()), plus(known, band.upper80()),
                plus(known, band.lower95()), plus(known, band.upper95()));
    }

    /** An amount that was computed from a model. */
    static Amount rounded(double amount) {
        return new Amount(BigDecimal.valueOf(amount).setScale(DECIMALS, RoundingMode.HALF_EVEN));
    }

    private static Amount plus(Amount known, double more) {
        return known.plus(rounded(more));
    }
}
