package dev.pareto.evals.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** The guards that a design demands, and the usual ones, measured again; one that is missing is named. */
final class GuardCheck {

    private static final double P95 = 0.95;

    private final Findings findings;
    private final List<Pair> pairs;
    private final double alpha;

    GuardCheck(Findings findings, Work work) {
        this.findings = findings;
        this.pairs = work.used();
        this.alpha = work.alpha();
    }

    /** What a guard must say; null is "unknown". */
    private record Guard(String metric, @Nullable Double value, @Nullable Double upper, @Nullable Double limit) {

        String verdict() {
            if (limit == null) {
                return "INFO";
            }
            if (metric.equals("critical.fail")) {
                return Objects.equals(value, 0.0) ? "PASS" : "FAIL";
            }
            return upper != null && upper <= limit ? "PASS" : value != null && value > limit ? "FAIL" : "UNDECIDED";
        }
    }

    void check() {
        List<Guard> computed = expected();
        JsonNode stated = findings.at("guards");
        List<String> names = new ArrayList<>();
        stated.forEach(guard -> names.add(guard.path("metric").asString("")));
        findings.holds("guards", names.equals(computed.stream().map(Guard::metric).toList()), names.toString(),
                computed.stream().map(Guard::metric).toList().toString());
        for (int i = 0; i < Math.min(stated.size(), computed.size()); i++) {
            JsonNode guard = stated.get(i);
            Guard own = computed.get(i);
            String what = "guards." + own.metric() + ".";
            findings.number(what + "value", guard.path("value"), own.value());
            findings.number(what + "upper95", guard.path("upper95"), own.upper());
            findings.number(what + "limit", guard.path("limit"), own.limit());
            findings.same(what + "verdict", guard.path("verdict"), own.verdict());
        }
    }

    private List<Guard> expected() {
        List<Guard> guards = new ArrayList<>();
        JsonNode demanded = findings.at("design.guards");
        for (JsonNode demand : demanded) {
            String metric = demand.path("metric").asString("");
            switch (metric) {
                case "latency.p95_ms" -> guards.add(latency(limit(demand, "max")));
                case "cost_per_success" -> guards.add(ratio(limit(demand, "max_ratio")));
                default -> failures(guards, metric, demand);
            }
        }
        List<Pair> critical = pairs.stream().filter(Pair::critical).toList();
        if (!critical.isEmpty()) {
            int failed = (int) critical.stream().filter(pair -> pair.x() < 1).count();
            guards.add(new Guard("critical.fail", (double) failed / critical.size(),
                    Counts.rateAtMost(failed, critical.size(), alpha), 0.0));
        }
        Predicate<String> open = metric -> StreamSupport.stream(demanded.spliterator(), false)
                .noneMatch(demand -> demand.path("metric").asString("").equals(metric));
        if (open.test("format.fail")) {
            guards.add(ceiling("format.fail", null));
        }
        for (String metric : List.of("truncation", "refusal")) {
            if (open.test(metric) && pairs.stream().anyMatch(pair -> failed(metric, pair.candidate()))) {
                guards.add(ceiling(metric, null));
            }
        }
        if (open.test("latency.p95_ms")) {
            guards.add(latency(null));
        }
        if (open.test("cost_per_success")) {
            guards.add(ratio(null));
        }
        return guards;
    }

    private void failures(List<Guard> guards, String metric, JsonNode demand) {
        Double most = limit(demand, "max");
        if (most != null) {
            double count = failures(metric);
            guards.add(new Guard(metric + " count", count, count, most));
        }
        Double ceiling = limit(demand, "ceiling");
        if (ceiling != null) {
            guards.add(ceiling(metric, ceiling));
        }
        Double margin = limit(demand, "ni_margin");
        if (margin != null) {
            int ours = 0;
            int theirs = 0;
            for (Pair pair : pairs) {
                boolean candidate = failed(metric, pair.candidate());
                boolean incumbent = failed(metric, pair.incumbent());
                ours += candidate && !incumbent ? 1 : 0;
                theirs += incumbent && !candidate ? 1 : 0;
            }
            guards.add(new Guard(metric + " difference", (double) (ours - theirs) / pairs.size(),
                    SecondOpinion.tango(ours, theirs, pairs.size(), 1 - 2 * alpha).upper(), margin));
        }
    }

    private Guard ceiling(String metric, @Nullable Double limit) {
        int failed = failures(metric);
        return new Guard(metric, (double) failed / pairs.size(), Counts.rateAtMost(failed, pairs.size(), alpha), limit);
    }

    private int failures(String metric) {
        return (int) pairs.stream().filter(pair -> failed(metric, pair.candidate())).count();
    }

    private static boolean failed(String metric, JsonNode side) {
        return switch (metric) {
            case "format.fail" -> side.path("format_failure").asBoolean(false);
            case "truncation" -> side.path("truncated").asBoolean(false);
            case "refusal" -> side.path("refused").asBoolean(false);
            default -> StreamSupport.stream(side.path("failed_graders").spliterator(), false)
                    .anyMatch(grader -> metric.equals("grader." + grader.asString("") + ".fail"));
        };
    }

    private Guard latency(@Nullable Double limit) {
        double[] sorted = pairs.stream()
                .map(pair -> pair.candidate().path("latency_ms"))
                .filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::doubleValue)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return new Guard("latency.p95_ms", null, null, limit);
        }
        int rank = Counts.upperRank(sorted.length, P95, alpha);
        return new Guard("latency.p95_ms", sorted[(int) Math.ceil(P95 * sorted.length) - 1],
                rank > sorted.length ? null : (Double) sorted[rank - 1], limit);
    }

    /** Cost of a right answer, candidate to incumbent; its error on the log scale from the covariances of the four means. */
    private Guard ratio(@Nullable Double limit) {
        String metric = "cost_per_success.ratio";
        double[][] series = new double[4][pairs.size()];
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            Double ours = Economics.cost(pair.candidate());
            Double theirs = Economics.cost(pair.incumbent());
            if (ours == null || theirs == null || !Economics.currency(pair.candidate())
                    .equals(Economics.currency(pair.incumbent()))) {
                return new Guard(metric, null, null, limit);
            }
            series[0][i] = ours;
            series[1][i] = pair.x();
            series[2][i] = theirs;
            series[3][i] = pair.y();
        }
        double[] means = new double[4];
        for (int k = 0; k < 4; k++) {
            means[k] = SecondOpinion.mean(series[k]);
        }
        if (means[0] == 0 && means[1] > 0) {
            return new Guard(metric, 0.0, 0.0, limit);
        }
        if (pairs.size() < 2 || means[1] <= 0 || means[2] <= 0 || means[3] <= 0) {
            return new Guard(metric, null, null, limit);
        }
        double ratio = means[0] * means[3] / (means[1] * means[2]);
        double z = NormalDistribution.of(0, 1).inverseSurvivalProbability(alpha);
        return new Guard(metric, ratio, ratio * Math.exp(z * Math.sqrt(logVariance(series, means))), limit);
    }

    private static double logVariance(double[][] series, double[] means) {
        double[] slope = {1 / means[0], -1 / means[1], -1 / means[2], 1 / means[3]};
        int n = series[0].length;
        double variance = 0;
        for (int j = 0; j < 4; j++) {
            for (int k = 0; k < 4; k++) {
                double products = 0;
                for (int i = 0; i < n; i++) {
                    products += (series[j][i] - means[j]) * (series[k][i] - means[k]);
                }
                variance += slope[j] * slope[k] * products / (n - 1) / n;
            }
        }
        return Math.max(0, variance);
    }

    private static @Nullable Double limit(JsonNode demand, String key) {
        return demand.path(key).isNumber() ? (Double) demand.path(key).doubleValue() : null;
    }
}
