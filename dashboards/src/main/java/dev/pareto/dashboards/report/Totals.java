package dev.pareto.dashboards.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a window over closed attempts.
 *
 * @param spend what all attempts cost
 * @param estimatedSpend the part of it that rests on our own counts or on reservations
 * @param simulatedSpend the part of it at simulated vendors: nobody bills it
 * @param baseline what the routes' baselines would have cost, where they are known
 * @param compared what those same attempts did cost
 * @param requests requests that callers sent
 * @param answered requests that got a full answer
 * @param callerLeft requests whose caller left before the end
 * @param refused requests that a vendor called wrong (a 4xx but 408 and 429): no failure of anybody's
 * @param unpriced attempts whose cost is unknown; they are in no sum
 * @param otherCurrency attempts in another currency than the book's; they are in no sum of money
 */
public record Totals(Amount spend, Amount estimatedSpend, Amount simulatedSpend, Amount baseline, Amount compared,
        long requests, long answered, long callerLeft, long attempts, long settled, long aborted, long failed,
        long refused, long expired, long unpriced, long estimated, long simulated, long otherCurrency, long inputTokens,
        long cacheReadTokens, long outputTokens) {

    static final Totals NONE = new Totals(Amount.ZERO, Amount.ZERO, Amount.ZERO, Amount.ZERO, Amount.ZERO, 0, 0, 0, 0,
            0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    Totals plus(Totals other) {
        return new Totals(spend.plus(other.spend), estimatedSpend.plus(other.estimatedSpend),
                simulatedSpend.plus(other.simulatedSpend), baseline.plus(other.baseline),
                compared.plus(other.compared), requests + other.requests, answered + other.answered,
                callerLeft + other.callerLeft, attempts + other.attempts, settled + other.settled,
                aborted + other.aborted, failed + other.failed, refused + other.refused, expired + other.expired,
                unpriced + other.unpriced, estimated + other.estimated, simulated + other.simulated,
                otherCurrency + other.otherCurrency, inputTokens + other.inputTokens,
                cacheReadTokens + other.cacheReadTokens, outputTokens + other.outputTokens);
    }

    /** Baseline less actual; negative when the gateway cost more. */
    public Amount saved() {
        return baseline.minus(compared);
    }

    /** Saved as a fraction of the baseline; null when there is no baseline. */
    public @Nullable BigDecimal savedShare() {
        return saved().shareOf(baseline);
    }

    /** Answered requests as a fraction of the sound ones whose caller stayed; null when there are none. */
    public @Nullable BigDecimal successRate() {
        return fraction(answered, answered + unanswered());
    }

    /** Sound requests that ended without a full answer although their caller stayed: vendors failed them. */
    public long unanswered() {
        return Math.max(0, requests - callerLeft - refused - answered);
    }

    static @Nullable BigDecimal fraction(long part, long whole) {
        return whole == 0
                ? null
                : BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 4, RoundingMode.HALF_EVEN);
    }
}
