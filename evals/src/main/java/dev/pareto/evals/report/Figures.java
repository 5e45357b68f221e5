package dev.pareto.evals.report;

import java.util.Locale;

import dev.pareto.evals.run.Run;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/** How numbers are written; what is unknown is a dash, never a zero. */
final class Figures {

    static final String UNKNOWN = "–";

    private Figures() {}

    static String percent(@Nullable Double share) {
        return share == null ? UNKNOWN : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String points(double share) {
        return String.format(Locale.ROOT, "%+.1f", 100 * share);
    }

    /** A bound from below in points, rounded down as the verdict's sentence does: what is written claims no more. */
    static String lower(double share) {
        return points(Math.floor(1000 * share + 1e-9) / 1000 + 0.0);
    }

    /** A bound from above, rounded up. */
    static String upper(double share) {
        return points(Math.ceil(1000 * share - 1e-9) / 1000 + 0.0);
    }

    static String millis(@Nullable Double millis) {
        if (millis == null) {
            return UNKNOWN;
        }
        return millis < 10
                ? String.format(Locale.ROOT, "%.2f ms", millis)
                : String.format(Locale.ROOT, "%,.0f ms", millis);
    }

    static String money(@Nullable Money money) {
        return money == null ? UNKNOWN : money.toString();
    }

    static String number(@Nullable Double value) {
        return value == null ? UNKNOWN : String.format(Locale.ROOT, "%.4g", value);
    }

    /** Nearest-rank quantile; null without values. */
    static @Nullable Double quantile(double[] sorted, double q) {
        return sorted.length == 0 ? null : (Double) sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
    }

    static @Nullable Double latency(Run run, double q) {
        return quantile(run.latenciesMillis(), q);
    }
}
