package dev.pareto.evals.verdict;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.pareto.policies.swap.Outcome;

import org.jspecify.annotations.Nullable;

/** Says a verdict in words that a manager understands and an auditor can check. */
final class Sentence {

    private final double margin;

    Sentence(double margin) {
        this.margin = margin;
    }

    /** A share as percentage points: 0.0137 is 1.4, never -0.0. */
    static String points(double share) {
        String text = String.format(Locale.ROOT, "%.1f", 100 * share);
        return text.equals("-0.0") ? "0.0" : text;
    }

    String of(Verdict.Subject candidate, Verdict.Subject incumbent, String suite, int n, Verdict.Quality quality,
            Verdict.Decision decision, Verdict.@Nullable Economics economics, Verdict.@Nullable More more,
            @Nullable Long clusters, boolean simulated) {
        String text = String.format(Locale.ROOT, "On %,d %s of %s, %s", n, n == 1 ? "item" : "items",
                suite,
                claim(candidate.model(), incumbent.model(), quality))
                + (quality.verdict() == Outcome.INVALID ? "" : price(economics)) + ": "
                + consequence(quality, decision, more, clusters) + ".";
        return simulated ? text + " Some answers were simulated, so this moves no traffic of a real vendor." : text;
    }

    private String claim(String candidate, String incumbent, Verdict.Quality quality) {
        Verdict.Bounds bounds = quality.interval();
        String observed = " (observed " + observed(quality.diff()) + ")";
        return switch (quality.verdict()) {
            case SUPERIOR -> candidate + " is better than " + incumbent + observed;
            case NON_INFERIOR -> candidate + " is at most " + worst(bounds) + " points worse than " + incumbent
                    + observed;
            case INFERIOR -> candidate + " is worse than " + incumbent + " by more than " + points(margin) + " points"
                    + observed;
            case INCONCLUSIVE -> "the data do not say whether " + candidate + " is within " + points(margin)
                    + " points of " + incumbent + observed;
            case INVALID -> "no verdict on " + candidate + " against " + incumbent + " can be given";
        };
    }

    /** Rounded up, so that the sentence never claims more than the bound. */
    private String worst(Verdict.@Nullable Bounds bounds) {
        double worst = bounds == null ? margin : Math.max(0, -bounds.lower());
        return String.format(Locale.ROOT, "%.1f", Math.ceil(1000 * worst - 1e-9) / 10);
    }

    private static String observed(double difference) {
        String size = points(Math.abs(difference));
        if (size.equals("0.0")) {
            return "no difference";
        }
        return size + " points " + (difference < 0 ? "worse" : "better");
    }

    private static String price(Verdict.@Nullable Economics economics) {
        Double share = economics == null ? null : economics.savingShare();
        if (share == null) {
            return "";
        }
        return share >= 0
                ? String.format(Locale.ROOT, " and %.0f %% cheaper", Math.floor(100 * share))
                : String.format(Locale.ROOT, " and %.0f %% dearer", Math.ceil(-100 * share));
    }

    private String consequence(Verdict.Quality quality, Verdict.Decision decision, Verdict.@Nullable More more,
            @Nullable Long clusters) {
        return switch (decision.action()) {
            case ADVANCE -> "good enough at the stated margin of " + points(margin) + " points";
            case HOLD -> "good enough, but held back because " + String.join(", ", decision.blockedBy());
            case REJECT -> "not good enough";
            case NEED_DATA -> needed(quality, more, clusters);
            case INVALID -> decision.reasons().getFirst();
        };
    }

    private String needed(Verdict.Quality quality, Verdict.@Nullable More more, @Nullable Long clusters) {
        if (more == null) {
            return quality.diff() <= -margin
                    ? "not shown to be good enough, and more items would hardly help: what was seen is already worse than"
                            + " the margin"
                    : "not enough data";
        }
        List<String> price = new ArrayList<>();
        if (more.cost() != null) {
            price.add(cost(new BigDecimal(more.cost())) + " " + more.currency());
        }
        if (more.seconds() != null) {
            price.add(time(more.seconds()));
        }
        return String.format(Locale.ROOT, "not enough data, about %,d more %s%s would be%s", more.items(),
                more.items() == 1 ? "item" : "items",
                clusters == null ? "" : String.format(Locale.ROOT, " in %,d more clusters", clusters),
                price.isEmpty() ? "" : " (about " + String.join(" and ", price) + ")");
    }

    /** 3.10, and of less than a cent what there is. */
    private static String cost(BigDecimal cost) {
        return cost.compareTo(new BigDecimal("0.01")) < 0
                ? cost.round(new MathContext(1)).toPlainString()
                : cost.setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String time(long seconds) {
        if (seconds < 90) {
            return Math.max(1, seconds) + " s";
        }
        return seconds < 5_400 ? Math.round(seconds / 60.0) + " minutes" : Math.round(seconds / 3_600.0) + " hours";
    }
}
