package dev.pareto.evals.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Which test the records call for, what it says, and whether the verdict says the same. */
final class QualityCheck {

    private static final int FEWEST_DISCORDANT = 20;
    private static final int FEWEST_DIFFERING = 8;
    private static final int FEWEST_CLUSTERS = 20;
    private static final int FEWEST_SCORES = 10;
    private static final int MOST_SCORES = 20_000;
    /** Of the bootstrap; a free choice of it would be one of the outcome. */
    private static final long SEED = 20_261_121;
    private static final double NO_SPREAD = 1e-12;
    private static final Set<String> GOOD = Set.of("SUPERIOR", "NON_INFERIOR");

    private final Findings findings;
    private final Work work;
    private final @Nullable People people;
    private final double[] d;
    private final String level;

    QualityCheck(Findings findings, Work work) {
        this.findings = findings;
        this.work = work;
        this.people = People.of(work.used(), !work.sequential() && work.grouping().equals("none"));
        this.d = work.differences();
        this.level = "-" + percent(work.confidence());
    }

    /** A second procedure's interval; {@code votes} when it can make the verdict more cautious. */
    private record Other(String kind, SecondOpinion.Range range, @Nullable Integer resamples, boolean votes) {}

    /** What a procedure says; without a range {@code kind} tells why. */
    private record Answer(SecondOpinion.@Nullable Range range, String kind, @Nullable Double p,
            @Nullable Other other) {}

    private static Answer none(String reason) {
        return new Answer(null, reason, null, null);
    }

    void check() {
        Answer answer = work.sequential() ? sequential() : fixed();
        findings.same("quality.interval_kind", answer.kind());
        findings.interval("quality.interval", answer.range());
        findings.number("quality.diff", estimate());
        findings.number("quality.confidence", work.confidence());
        findings.number("quality.p_non_inferior", answer.p());
        findings.number("quality.log_e_noninferior", work.sequential() ? work.replay().nonInferior() : null);
        findings.number("quality.log_e_inferior", work.sequential() ? work.replay().inferior() : null);
        findings.number("quality.stopped_at", work.sequential() ? (double) work.used().size() : null);
        descriptive();
        String alone = alone(answer);
        second(answer.other(), alone);
        human();
        String outcome = together(alone, answer.other());
        if (!findings.at("quality.verdict").asString("").equals("INVALID")) {
            findings.same("quality.verdict", outcome);
            itemsNeeded(outcome.equals("INCONCLUSIVE") && people == null ? needed(answer) : null);
        }
    }

    private Answer fixed() {
        int least = findings.at("design.n_min").asInt(1);
        if (work.used().size() < least) {
            return none("fewer than n_min = " + least + " items");
        }
        if (people != null) {
            return new Answer(people.interval(work.confidence()), "ppi++" + level, people.p(work.margin()),
                    new Other("paired-t" + level + " of the judge alone", SecondOpinion.student(d, work.confidence()),
                            null, false));
        }
        return switch (work.grouping()) {
            case "cluster" -> clustered();
            case "stratum" -> stratified();
            default -> independent();
        };
    }

    private Answer sequential() {
        return new Answer(SecondOpinion.anytime(work.units(), work.margin(), work.alpha()),
                "anytime-" + percent(1 - work.alpha()) + (work.clustered() ? " of cluster means" : ""),
                Math.min(1, Math.exp(-work.replay().highest())), null);
    }

    private Answer independent() {
        double confidence = work.confidence();
        if (Work.binary(work.used())) {
            int b = work.better();
            int c = work.worse();
            int a = (int) work.used().stream().filter(pair -> pair.x() == 1 && pair.y() == 1).count();
            return new Answer(SecondOpinion.tango(b, c, d.length, confidence), "tango" + level,
                    SecondOpinion.tangoP(b, c, d.length, work.margin()), new Other("newcombe" + level,
                            Counts.newcombe(a, b, c, d.length - a - b - c, confidence), null, false));
        }
        if (d.length < 2) {
            return none("fewer than 2 items");
        }
        if (sparse(d)) {
            return bets();
        }
        int resamples = Math.min(100_000, Math.max(10_000, 200_000_000 / d.length));
        return new Answer(SecondOpinion.student(d, confidence), "paired-t" + level,
                SecondOpinion.studentP(d, work.margin()), d.length > MOST_SCORES
                        ? null
                        : new Other("bca" + level, Resampling.bca(d, resamples, SEED, confidence), resamples, true));
    }

    private Answer clustered() {
        List<String> groups = work.used().stream().map(Pair::group).toList();
        if (groups.stream().distinct().count() < FEWEST_CLUSTERS) {
            return none("fewer than " + FEWEST_CLUSTERS + " clusters");
        }
        return sparse(work.units())
                ? bets()
                : new Answer(SecondOpinion.clustered(d, groups, work.confidence()), "clustered-t" + level,
                        SecondOpinion.clusteredP(d, groups, work.margin()), null);
    }

    private Answer stratified() {
        Map<String, double[]> strata = strata();
        boolean enough = work.better() + work.worse() >= FEWEST_DISCORDANT
                && strata.values().stream().allMatch(values -> values.length >= 2);
        if (enough) {
            SecondOpinion.Stratified mean = SecondOpinion.Stratified.of(strata, weights(strata));
            if (mean.error() > NO_SPREAD) {
                return new Answer(mean.interval(work.confidence()), "stratified-normal" + level, mean.p(work.margin()),
                        null);
            }
        }
        return findings.at("design.weights").isObject()
                ? none("fewer than " + FEWEST_DISCORDANT + " discordant items or 2 in a stratum, or no spread")
                : independent();
    }

    /** The bound of the bets, which needs no spread. */
    private Answer bets() {
        return new Answer(SecondOpinion.anytime(work.units(), work.margin(), work.alpha()),
                "anytime-" + percent(1 - work.alpha()), Math.min(1, Math.exp(-work.replay().highest())), null);
    }

    private static boolean sparse(double[] values) {
        long nonZero = Arrays.stream(values).filter(value -> value != 0).count();
        return values.length < FEWEST_SCORES || Arrays.stream(values).distinct().count() == 1
                || (nonZero < FEWEST_DIFFERING && 2 * nonZero < values.length);
    }

    private double estimate() {
        if (people != null) {
            return people.estimate();
        }
        if (work.clustered() && work.sequential()) {
            return SecondOpinion.mean(work.units());
        }
        if (!findings.at("design.weights").isObject()) {
            return SecondOpinion.mean(d);
        }
        Map<String, double[]> strata = strata();
        Map<String, Double> weights = weights(strata);
        double total = weights.values().stream().mapToDouble(Double::doubleValue).sum();
        double sum = 0;
        for (Map.Entry<String, double[]> stratum : strata.entrySet()) {
            sum += weights.getOrDefault(stratum.getKey(), 0.0) * SecondOpinion.mean(stratum.getValue());
        }
        return total == 0 ? 0 : sum / total;
    }

    private Map<String, double[]> strata() {
        Map<String, List<Double>> lists = new LinkedHashMap<>();
        work.used()
                .forEach(pair -> lists.computeIfAbsent(String.valueOf(pair.stratum()), name -> new ArrayList<>())
                        .add(pair.d()));
        Map<String, double[]> strata = new LinkedHashMap<>();
        lists.forEach((name, values) -> strata.put(name, values.stream().mapToDouble(Double::doubleValue).toArray()));
        return strata;
    }

    /** As stated, else by items. */
    private Map<String, Double> weights(Map<String, double[]> strata) {
        JsonNode stated = findings.at("design.weights");
        Map<String, Double> weights = new LinkedHashMap<>();
        strata.forEach((name, values) -> weights.put(name,
                stated.isObject() ? stated.path(name).asDouble(0) : values.length));
        return weights;
    }

    private void descriptive() {
        if (!Work.binary(work.used())) {
            findings.holds("quality.descriptive", !findings.at("quality.descriptive").isObject(), "a table",
                    "none of such scores");
            return;
        }
        int a = (int) work.used().stream().filter(pair -> pair.x() == 1 && pair.y() == 1).count();
        int b = work.better();
        int c = work.worse();
        findings.interval("quality.descriptive.tango90", SecondOpinion.tango(b, c, d.length, 0.9));
        findings.interval("quality.descriptive.newcombe90", Counts.newcombe(a, b, c, d.length - a - b - c, 0.9));
        findings.number("quality.descriptive.mcnemar_exact_p", Counts.mcNemar(b, c));
        findings.number("quality.descriptive.mcnemar_mid_p", Counts.mcNemarMid(b, c));
    }

    /** What the interval that decides says. */
    private String alone(Answer answer) {
        SecondOpinion.Range range = answer.range();
        if (work.sequential()) {
            SecondOpinion.Replay replay = work.replay();
            return !replay.decided()
                    ? "INCONCLUSIVE"
                    : replay.nonInferior() < -Math.log(work.alpha())
                            ? "INFERIOR"
                            : range != null && range.lower() > 0 ? "SUPERIOR" : "NON_INFERIOR";
        }
        return range == null ? "INCONCLUSIVE" : Work.outcome(range, work.margin());
    }

    private void second(@Nullable Other other, String alone) {
        JsonNode stated = findings.at("quality.second_opinion");
        if (other == null || !stated.isObject()) {
            findings.holds("quality.second_opinion", other == null && !stated.isObject(), stated.toString(),
                    other == null ? "none" : other.kind());
            return;
        }
        String outcome = Work.outcome(other.range(), work.margin());
        findings.same("quality.second_opinion.kind", other.kind());
        findings.interval("quality.second_opinion.interval", other.range());
        findings.same("quality.second_opinion.verdict", outcome);
        findings.same("quality.second_opinion.agrees", Boolean.toString(outcome.equals(alone)));
        findings.number("quality.second_opinion.resamples",
                other.resamples() == null ? null : other.resamples().doubleValue());
        findings.same("quality.second_opinion.seed", other.resamples() == null ? null : Long.toString(SEED));
    }

    private String together(String alone, @Nullable Other other) {
        if (other == null || !other.votes()) {
            return alone;
        }
        String second = Work.outcome(other.range(), work.margin());
        return second.equals(alone)
                ? alone
                : GOOD.contains(alone) && GOOD.contains(second) ? "NON_INFERIOR" : "INCONCLUSIVE";
    }

    private void human() {
        List<Pair> marked = work.used().stream().filter(pair -> pair.human() != null).toList();
        if (marked.isEmpty()) {
            findings.holds("quality.human", !findings.at("quality.human").isObject(), "labels", "none");
            return;
        }
        findings.number("quality.human.labelled", (double) marked.size());
        findings.number("quality.human.judge_only", (double) work.used().size() - marked.size());
        findings.number("quality.human.judge_diff", SecondOpinion.mean(d));
        findings.number("quality.human.human_diff", marked.stream().mapToDouble(People::human).sum() / marked.size());
        findings.number("quality.human.lambda", people == null ? null : people.lambda());
        boolean unused = findings.at("quality.human.unused").isString();
        findings.holds("quality.human.unused", unused == (people == null), unused ? "not used" : "used",
                people == null ? "not used" : "used");
    }

    /** Rounded up, so the last digits of two ways may lie one item apart. */
    private void itemsNeeded(@Nullable Double computed) {
        double stated = findings.at("quality.items_needed").asDouble(Double.NaN);
        findings.number("quality.items_needed",
                computed != null && Math.abs(stated - computed) == 1 ? (Double) stated : computed);
    }

    /** Items for 80 % power if the truth is what was seen, but not better than equal, and enough for the test itself. */
    private @Nullable Double needed(Answer answer) {
        double difference = Math.min(0, work.sequential() && work.clustered() ? SecondOpinion.mean(d) : estimate());
        if (difference <= -work.margin()) {
            return null;
        }
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double alone = normal.inverseSurvivalProbability(work.alpha());
        double z = alone + normal.inverseCumulativeProbability(0.8);
        double groups = work.units().length;
        boolean bets = work.sequential() || answer.kind().startsWith("anytime");
        double items = bets
                ? Math.ceil(SecondOpinion.looks(work.units(), work.margin(), work.alpha()) * d.length / groups)
                : 0;
        if (items < 0) {
            return null;
        }
        if (work.clustered() && !work.sequential()) {
            double clusters = Math.max(FEWEST_CLUSTERS, groups + 1);
            if (groups > 1) {
                double ratio = z * SecondOpinion.clusteredError(d, work.used().stream().map(Pair::group).toList())
                        / (work.margin() + difference);
                clusters = Math.max(clusters, Math.ceil(ratio * ratio * groups));
            }
            items = Math.max(items, Math.ceil(clusters * d.length / groups));
        } else {
            items = Math.max(items, Math.max(power(answer, difference, z), bets ? 0 : score(alone)));
        }
        return Math.max(Math.max(items, findings.at("design.n_min").asInt(1)), d.length + 1.0);
    }

    private double power(Answer answer, double difference, double z) {
        double squares = (Arrays.stream(d).map(value -> value * value).sum() + 0.5) / (d.length + 1);
        if (answer.kind().startsWith("stratified")) {
            SecondOpinion.Stratified mean = SecondOpinion.Stratified.of(strata(), weights(strata()));
            squares = Math.min(1, mean.error() * mean.error() * d.length + mean.mean() * mean.mean());
        }
        double distance = work.margin() + difference;
        double variance = Math.max(squares, 1.001 * difference * difference) - difference * difference;
        return Math.max(1, Math.ceil(z * z * variance / (distance * distance)));
    }

    /** Of pass or fail: where the score statistic, which grows as the root of the items, is the quantile. */
    private double score(double quantile) {
        if (!Work.binary(work.used())) {
            return 0;
        }
        double z = SecondOpinion.score(work.better(), work.worse(), d.length, -work.margin());
        return z > 0 ? Math.ceil(d.length * quantile * quantile / (z * z)) : 0;
    }

    static String percent(double share) {
        return BigDecimal.valueOf(100 * share)
                .setScale(4, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }
}
