package dev.pareto.evals.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.apache.commons.statistics.distribution.NormalDistribution;

import tools.jackson.databind.JsonNode;

/** What follows from quality, guards and slices, and how it is told. */
final class DecisionCheck {

    private static final double MOST_MISSING = 0.02;
    private static final Set<String> GOOD = Set.of("SUPERIOR", "NON_INFERIOR");

    private final Findings findings;
    private final Work work;

    DecisionCheck(Findings findings, Work work) {
        this.findings = findings;
        this.work = work;
    }

    void check() {
        String quality = findings.at("quality.verdict").asString("");
        validity(quality);
        List<String> blocked = blocked();
        String action = switch (quality) {
            case "SUPERIOR", "NON_INFERIOR" -> blocked.isEmpty() ? "ADVANCE" : "HOLD";
            case "INFERIOR" -> "REJECT";
            case "INVALID" -> "INVALID";
            default -> "NEED_DATA";
        };
        findings.same("decision.action", action);
        findings.same("decision.from", "OFFLINE");
        findings.same("decision.to", action.equals("ADVANCE") ? "SHADOW" : null);
        List<String> stated = new ArrayList<>();
        findings.at("decision.blocked_by").forEach(reason -> stated.add(reason.asString("")));
        findings.holds("decision.blocked_by", stated.equals(blocked), stated.toString(), blocked.toString());
        findings.same("sentence", new Wording(findings, work).sentence(action, blocked));
    }

    /** Data that must not be used, and a verdict that says so without a reason. */
    private void validity(String quality) {
        String first = findings.at("decision.reasons").path(0).asString("");
        String statement = "quality " + quality + " at a margin of " + Wording.points(work.margin()) + " points";
        boolean told = false;
        for (JsonNode reason : findings.at("decision.reasons")) {
            told |= reason.asString("").equals(statement);
        }
        findings.holds("decision.reasons", told, findings.at("decision.reasons").toString(), statement);
        double planned = findings.at("data.planned").asDouble(work.records().all().size());
        double missing = Math.max(0, planned - work.records().usable().size());
        JsonNode noise = findings.at("noise_floor");
        if (noise.isObject()) {
            double n = noise.path("n").asDouble(0);
            findings.number("noise_floor.share", n == 0 ? 0 : noise.path("differing").asDouble(0) / n);
        }
        boolean unusable = missing > MOST_MISSING * planned || noise.path("unstable").asBoolean(false)
                || insensitive();
        boolean invalid = quality.equals("INVALID");
        findings.holds("quality.verdict", !unusable || invalid, quality,
                String.format(Locale.ROOT, "INVALID: %.0f of %.0f items are missing, the incumbent is unstable, or too"
                        + " seldom right to lose the margin",
                        missing,
                        planned));
        findings.holds("quality.verdict", !invalid || unusable || !first.equals(statement), quality,
                "a reason why the data cannot be used");
    }

    /** Whether the incumbent is right so seldom that a loss of the margin would hardly be one: superiority shows that it is not. */
    private boolean insensitive() {
        double lower = findings.at("quality.interval.lower").asDouble(-1);
        if (lower > 0 && !findings.at("quality.verdict").asString("").equals("INCONCLUSIVE")) {
            return false;
        }
        double right = work.used().stream().mapToDouble(Pair::y).sum();
        double n = work.clustered()
                ? work.used().stream().map(Pair::group).distinct().count()
                : work.used().size();
        double share = right / work.used().size();
        double z = NormalDistribution.of(0, 1).inverseSurvivalProbability(work.alpha());
        double upper = share >= 1
                ? 1
                : SecondOpinion.bisect(rate -> z - (rate - share) / Math.sqrt(rate * (1 - rate) / n),
                        Math.max(share, 1e-15), 1 - 1e-15);
        return upper <= 1.5 * work.margin() || (right == 0 && n >= 10);
    }

    private List<String> blocked() {
        List<String> blocked = new ArrayList<>();
        findings.at("guards").forEach(guard -> {
            String outcome = guard.path("verdict").asString("");
            if (Set.of("FAIL", "UNDECIDED").contains(outcome)) {
                blocked.add("guard " + guard.path("metric").asString("") + " is " + outcome);
            }
        });
        findings.at("slices").forEach(slice -> {
            String outcome = slice.path("verdict").asString("");
            if (!outcome.isEmpty() && !GOOD.contains(outcome)) {
                blocked.add("critical slice " + slice.path("name").asString("") + " is " + outcome);
            }
        });
        return blocked;
    }
}
