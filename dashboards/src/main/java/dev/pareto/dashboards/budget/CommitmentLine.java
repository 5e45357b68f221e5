package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commitment as it is told. Figures of the running month are null before it begins, after it ends and while the ledger has not told.
 *
 * @param models as configured, {@code vendor/model} or {@code vendor/*}
 * @param from its first day
 * @param to its last day
 * @param month the start of the running month
 * @param next the start of the next one
 * @param amount of a month
 * @param used by calls that began in the month and ended, at booked prices; at most the amount
 * @param left the rest of the amount
 * @param beyond what these calls cost more than the amount
 * @param reserved the worst case of those under way
 * @param share the used share of the amount, at four decimals
 * @param unusedAtPace what is paid for nothing where the rest of the month goes on like this; null in the first day of a month
 * @param unpriced calls of the month that ended without a known cost; they use nothing
 * @param state {@code within}, {@code used-up}, {@code not-begun}, {@code ended} or {@code unknown}
 */
public record CommitmentLine(String name, List<String> models, LocalDate from, LocalDate to, String per, String zone,
        @Nullable Instant month, @Nullable Instant next, Amount amount, @Nullable Amount used, @Nullable Amount left,
        @Nullable Amount beyond, @Nullable Amount reserved, @Nullable BigDecimal share, @Nullable Amount unusedAtPace,
        @Nullable Long unpriced, String state) {

    /** Before this much of a month has passed, its pace says nothing. */
    private static final Duration TELLING = Duration.ofDays(1);

    static CommitmentLine of(CommitmentStanding standing, Instant now) {
        var it = standing.commitment();
        Standing month = standing.month();
        Standing known = month != null && month.known() ? month : null;
        Amount whole = new Amount(it.amount().amount());
        Amount used = known == null ? null : new Amount(known.spent().min(whole.value()));
        return new CommitmentLine(it.name(), it.covered(), it.from(), it.to(), it.months().every().text(),
                it.months().zone().getId(), month == null ? null : month.window().from(),
                month == null ? null : month.window().to(), whole, used, used == null ? null : whole.minus(used),
                known == null ? null : new Amount(known.spent().subtract(whole.value()).max(BigDecimal.ZERO)),
                known == null ? null : new Amount(known.reserved()), used == null ? null : used.shareOf(whole),
                known == null ? null : unused(known, whole.value(), now), known == null ? null : known.unpriced(),
                state(standing, known, now));
    }

    private static String state(CommitmentStanding standing, @Nullable Standing known, Instant now) {
        var it = standing.commitment();
        if (standing.month() == null) {
            return now.isBefore(it.begins()) ? "not-begun" : "ended";
        }
        return known == null
                ? "unknown"
                : known.spent().compareTo(it.amount().amount()) >= 0 ? "used-up" : "within";
    }

    private static @Nullable Amount unused(Standing month, BigDecimal whole, Instant now) {
        if (month.spent().compareTo(whole) >= 0) {
            return Amount.ZERO;
        }
        Instant to = month.window().to();
        Duration over = Duration.between(month.window().from(), now);
        if (to == null || over.compareTo(TELLING) < 0) {
            return null;
        }
        BigDecimal all = month.spent()
                .multiply(BigDecimal.valueOf(Duration.between(month.window().from(), to).toSeconds()))
                .divide(BigDecimal.valueOf(over.toSeconds()), Money.SCALE, RoundingMode.HALF_EVEN);
        return new Amount(whole.subtract(all).max(BigDecimal.ZERO));
    }
}
