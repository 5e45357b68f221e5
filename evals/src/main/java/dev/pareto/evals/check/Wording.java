package dev.pareto.evals.check;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;

/** The sentence that the numbers of a verdict make; people read it and nothing else. */
final class Wording {

    private final Findings findings;
    private final Work work;

    Wording(Findings findings, Work work) {
        this.findings = findings;
        this.work = work;
    }

    static String points(double share) {
        String text = String.format(Locale.ROOT, "%.1f", 100 * share);
        return text.equals("-0.0") ? "0.0" : text;
    }

    String sentence(String action, List<String> blocked) {
        String text = "On " + String.format(Locale.ROOT, "%,d", work.used().size())
                + (work.used().size() == 1 ? " item of " : " items of ")
                + findings.at("suite.id").asString("") + ", " + claim()
                + (findings.at("quality.verdict").asString("").equals("INVALID") ? "" : price()) + ": "
                + consequence(action, blocked)
                + ".";
        return findings.at("simulated").asBoolean(false)
                ? text + " Some answers were simulated, so this moves no traffic of a real vendor."
                : text;
    }

    private String claim() {
        String candidate = findings.at("candidate.model").asString("");
        String incumbent = findings.at("incumbent.model").asString("");
        double diff = findings.at("quality.diff").asDouble(0);
        String size = points(Math.abs(diff));
        String seen = size.equals("0.0")
                ? " (observed no difference)"
                : " (observed " + size + " points " + (diff < 0 ? "worse" : "better") + ")";
        return switch (findings.at("quality.verdict").asString("")) {
            case "SUPERIOR" -> candidate + " is better than " + incumbent + seen;
            case "NON_INFERIOR" -> candidate + " is at most " + worst() + " points worse than " + incumbent + seen;
            case "INFERIOR" -> candidate + " is worse than " + incumbent + " by more than " + points(work.margin())
                    + " points" + seen;
            case "INVALID" -> "no verdict on " + candidate + " against " + incumbent + " can be given";
            default -> "the data do not say whether " + candidate + " is within " + points(work.margin())
                    + " points of " + incumbent + seen;
        };
    }

    private String worst() {
        double worst = Math.max(0, -findings.at("quality.interval.lower").asDouble(-work.margin()));
        return BigDecimal.valueOf(100 * worst - 1e-10).setScale(1, RoundingMode.CEILING).abs().toPlainString();
    }

    private String price() {
        JsonNode share = findings.at("economics.saving_share");
        if (!share.isNumber()) {
            return "";
        }
        double percent = 100 * share.doubleValue();
        return percent >= 0
                ? String.format(Locale.ROOT, " and %.0f %% cheaper", Math.floor(percent))
                : String.format(Locale.ROOT, " and %.0f %% dearer", Math.ceil(-percent));
    }

    private String consequence(String action, List<String> blocked) {
        return switch (action) {
            case "ADVANCE" -> "good enough at the stated margin of " + points(work.margin()) + " points";
            case "HOLD" -> "good enough, but held back because " + String.join(", ", blocked);
            case "REJECT" -> "not good enough";
            case "INVALID" -> findings.at("decision.reasons").path(0).asString("");
            default -> more();
        };
    }

    private String more() {
        JsonNode more = findings.at("more");
        if (!more.isObject()) {
            return findings.at("quality.diff").asDouble(0) <= -work.margin()
                    ? "not shown to be good enough, and more items would hardly help: what was seen is already worse than"
                            + " the margin"
                    : "not enough data";
        }
        List<String> price = new ArrayList<>();
        if (more.path("cost").isString()) {
            BigDecimal cost = new BigDecimal(more.path("cost").stringValue());
            price.add((cost.compareTo(new BigDecimal("0.01")) < 0
                    ? cost.round(new MathContext(1))
                    : cost.setScale(2, RoundingMode.HALF_EVEN)).toPlainString() + " "
                    + more.path("currency").asString(""));
        }
        if (more.path("seconds").isNumber()) {
            long seconds = more.path("seconds").asLong();
            price.add(seconds < 90
                    ? Math.max(1, seconds) + " s"
                    : seconds < 5_400
                            ? Math.round(seconds / 60.0) + " minutes"
                            : Math.round(seconds / 3_600.0) + " hours");
        }
        return String.format(Locale.ROOT, "not enough data, about %,d more %s%s would be%s",
                more.path("items").asLong(), more.path("items").asLong() == 1 ? "item" : "items", clusters(more),
                price.isEmpty() ? "" : " (about " + String.join(" and ", price) + ")");
    }

    private String clusters(JsonNode more) {
        if (!work.clustered()) {
            return "";
        }
        double groups = work.used().stream().map(Pair::group).distinct().count();
        return String.format(Locale.ROOT, " in %,.0f more clusters",
                Math.ceil(more.path("items").asDouble() * groups / work.used().size()));
    }
}
