package dev.pareto.policies.swap.guard;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * A guard's statistic has reached its threshold.
 *
 * @param seen observations (or pairs) that it rests on
 * @param bad how many of them speak against the candidate; for graded answers and pairs the score that is missing
 * @param logStatistic natural logarithm, as the threshold's
 */
public record Alarm(Guard guard, long seen, double bad, double logStatistic, double logThreshold) {

    /** {@code guard latency: 31 of 240 bad, e-detector e^17.1 beyond e^15.2}. */
    public String words() {
        return String.format(Locale.ROOT, "guard %s: %s bad of %d, e-detector e^%.1f beyond e^%.1f", guard.id(),
                BigDecimal.valueOf(bad).setScale(1, RoundingMode.HALF_EVEN).stripTrailingZeros().toPlainString(), seen,
                logStatistic, logThreshold);
    }
}
