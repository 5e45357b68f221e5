package dev.pareto.policies.decide;

import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Numbers and verdicts in a few words of printable ASCII, for headers and pages. */
final class Words {

    /** Characters of a line at most. */
    static final int LINE = 200;

    private Words() {}

    /** {@code 800 ms}, {@code 7.2 s}. */
    static String of(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(1)) < 0
                ? duration.toMillis() + " ms"
                : Money.plain(BigDecimal.valueOf(duration.toMillis(), 3).setScale(2, RoundingMode.HALF_UP)) + " s";
    }

    /** A limit that this duration keeps, in the same style. */
    static String above(Duration duration) {
        long nanos = duration.toNanos();
        long millis = Math.ceilDiv(nanos, 1_000_000L);
        return of(Duration.ofMillis(millis < 1_000 ? millis : Math.ceilDiv(nanos, 10_000_000L) * 10));
    }

    /** The least tenth of a percentage point above a fraction, as a fraction. */
    static double pointsAbove(double fraction) {
        return (Math.floor(fraction * 1_000 + 1e-6) + 1) / 1_000;
    }

    /** A share that this fraction reaches, in tenths of a percent. */
    static String shareBelow(double fraction) {
        return share(Math.floor(fraction * 1_000 + 1e-6) / 1_000);
    }

    /** A fraction as {@code 3 pp}. */
    static String points(double fraction) {
        return percent(fraction) + " pp";
    }

    /** A fraction as {@code 95 %}. */
    static String share(double fraction) {
        return percent(fraction) + " %";
    }

    private static String percent(double fraction) {
        return Double.isFinite(fraction)
                ? Money.plain(BigDecimal.valueOf(fraction * 100).setScale(1, RoundingMode.HALF_EVEN))
                : "unknown";
    }

    /** {@code verdict v-12 non-inferior at 3 pp, -0.4 pp}. */
    static String of(Evidence evidence) {
        String fault = evidence.fault();
        return fault != null
                ? "verdict " + evidence.verdictId() + " cannot be trusted: " + fault
                : "verdict " + evidence.verdictId() + " "
                        + evidence.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-') + " at "
                        + points(evidence.margin()) + ", " + points(evidence.difference());
    }

    /** Printable ASCII, at most 200 characters: anything else could break a header. */
    static String line(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && line.length() < LINE; i++) {
            char c = text.charAt(i);
            line.append(c >= ' ' && c <= '~' ? c : '?');
        }
        if (text.length() > LINE) {
            line.replace(LINE - 3, LINE, "...");
        }
        return line.toString();
    }
}
