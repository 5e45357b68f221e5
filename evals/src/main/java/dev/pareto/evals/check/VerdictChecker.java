package dev.pareto.evals.check;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

import dev.pareto.evals.CanonicalJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks a verdict against its records: seal, counts, test, guards, decision, money. Holds nothing that the verdict says for true but
 * its design. Stateless.
 */
public final class VerdictChecker {

    private static final double TOLERANCE = 1e-6;

    /** @return what was checked, in the order of the verdict */
    public List<Finding> check(JsonNode verdict, Path records) throws IOException {
        if (!verdict.path("schema").asString("").equals("swap-verdict/1")) {
            throw new IllegalArgumentException("not a verdict of schema swap-verdict/1");
        }
        return new Check(verdict, read(records)).all(CanonicalJson.sha256(Files.readAllBytes(records)));
    }

    /** One item; what is null was not there. */
    private record Pair(String id, @Nullable String cluster, @Nullable String stratum, double x, double y,
            JsonNode candidate, JsonNode incumbent) {

        double d() {
            return x - y;
        }
    }

    private record Pairs(List<Pair> usable, int all) {}

    private static Pairs read(Path file) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        int all = 0;
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            JsonNode json;
            try {
                json = JsonMapper.shared().readTree(line);
            } catch (JacksonException malformed) {
                throw new IOException(file + ":" + number + ": not JSON", malformed);
            }
            all++;
            Double incumbent = score(json.path("incumbent"));
            if (incumbent != null) {
                Double candidate = score(json.path("candidate"));
                pairs.add(new Pair(json.path("id").asString("line-" + number), text(json, "cluster"),
                        text(json, "stratum"), candidate == null ? 0 : candidate, incumbent, json.path("candidate"),
                        json.path("incumbent")));
            }
        }
        return new Pairs(pairs, all);
    }

    private static @Nullable Double score(JsonNode side) {
        JsonNode score = side.isObject() ? side.path("score") : side;
        if (score.isBoolean()) {
            return score.booleanValue() ? 1.0 : 0.0;
        }
        return score.isNumber() ? (Double) score.doubleValue() : null;
    }

    private static @Nullable String text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }

    /** The work on one verdict. */
    private static final class Check {

        private final JsonNode verdict;
        private final Pairs records;
        private final double margin;
        private final double alpha;
        private final boolean clustered;
        private final boolean sequential;
        private final List<Finding> findings = new ArrayList<>();
        /** Items, or groups of them, that a sequential test used. */
        private int stopped;

        Check(JsonNode verdict, Pairs records) {
            this.verdict = verdict;
            this.records = records;
            this.margin = verdict.at("/design/margin").asDouble();
            this.alpha = verdict.at("/design/alpha").asDouble();
            this.clustered = verdict.at("/design/grouping").asString("").equals("cluster");
            this.sequential = verdict.at("/design/test").asString("").startsWith("paired-gro");
        }

        List<Finding> all(String recordsSha256) {
            seal();
            same("data.records_sha256", verdict.at("/data/records_sha256").asString(""), recordsSha256);
            List<Pair> used = sequential ? replayed() : records.usable();
            data(used);
            quality(used);
            guards(used);
            slices(used);
            decision();
            economics(used);
            findings.add(new Finding("expires after created", Instant.parse(verdict.path("expires").asString())
                    .isAfter(Instant.parse(verdict.path("created").asString())), verdict.path("expires").asString(),
                    "later than " + verdict.path("created").asString()));
            return List.copyOf(findings);
        }

        private void seal() {
            ObjectNode copy = (ObjectNode) verdict.deepCopy();
            copy.remove("sha256");
            strip(copy);
            same("sha256", verdict.path("sha256").asString(""), CanonicalJson.sha256(copy));
        }

        private static void strip(JsonNode tree) {
            if (tree instanceof ObjectNode object) {
                object.removeIf(JsonNode::isNull);
            }
            tree.forEach(Check::strip);
        }

        /** Items, or groups of them, in the order of their hashes. */
        private List<List<Pair>> units() {
            Map<String, List<Pair>> groups = new LinkedHashMap<>();
            for (Pair pair : records.usable()) {
                groups.computeIfAbsent(clustered ? group(pair) : pair.id(), name -> new ArrayList<>()).add(pair);
            }
            String seed = verdict.at("/design/order_seed").asString("");
            return groups.entrySet()
                    .stream()
                    .sorted(Comparator.comparing(entry -> CanonicalJson.sha256(seed + "|" + entry.getKey())))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        private static String group(Pair pair) {
            return pair.cluster() == null ? "item " + pair.id() : "cluster " + pair.cluster();
        }

        private static double[] means(List<List<Pair>> units) {
            return units.stream()
                    .mapToDouble(unit -> unit.stream().mapToDouble(Pair::d).sum() / unit.size())
                    .toArray();
        }

        private List<Pair> replayed() {
            List<List<Pair>> units = units();
            SecondOpinion.Replay replay = SecondOpinion.replay(means(units), margin, alpha,
                    verdict.at("/design/n_min").asInt());
            stopped = replay.used();
            List<Pair> used = units.subList(0, stopped).stream().flatMap(List::stream).toList();
            close("quality.log_e_noninferior", replay.nonInferior());
            close("quality.log_e_inferior", replay.inferior());
            close("quality.stopped_at", used.size());
            return used;
        }

        private void data(List<Pair> used) {
            close("data.n", used.size());
            count("data.candidate_unanswered", used, pair -> score(pair.candidate()) == null);
            close("data.p_disc", (double) used.stream().filter(pair -> pair.d() != 0).count() / used.size());
            if (binary(used)) {
                count("data.both", used, pair -> pair.x() == 1 && pair.y() == 1);
                count("data.only_candidate", used, pair -> pair.x() > pair.y());
                count("data.only_incumbent", used, pair -> pair.x() < pair.y());
                count("data.neither", used, pair -> pair.x() == 0 && pair.y() == 0);
            }
            close("candidate.accuracy", used.stream().mapToDouble(Pair::x).sum() / used.size());
            close("incumbent.accuracy", used.stream().mapToDouble(Pair::y).sum() / used.size());
        }

        private static boolean binary(List<Pair> pairs) {
            return pairs.stream()
                    .allMatch(pair -> (pair.x() == 0 || pair.x() == 1) && (pair.y() == 0 || pair.y() == 1));
        }

        private void quality(List<Pair> used) {
            JsonNode quality = verdict.path("quality");
            String kind = quality.path("interval_kind").asString("");
            double confidence = 1 - 2 * alpha;
            double[] d = used.stream().mapToDouble(Pair::d).toArray();
            int b = (int) used.stream().filter(pair -> pair.x() > pair.y()).count();
            int c = (int) used.stream().filter(pair -> pair.x() < pair.y()).count();
            JsonNode weights = verdict.at("/design/weights");
            SecondOpinion.Range range = null;
            if (kind.startsWith("tango")) {
                range = SecondOpinion.tango(b, c, d.length, confidence);
                close("quality.p_non_inferior", SecondOpinion.tangoP(b, c, d.length, margin));
            } else if (kind.startsWith("paired-t")) {
                range = SecondOpinion.student(d, confidence);
                close("quality.p_non_inferior", SecondOpinion.studentP(d, margin));
            } else if (kind.startsWith("clustered-t")) {
                range = SecondOpinion.clustered(d, used.stream().map(Check::group).toList(), confidence);
            } else if (kind.startsWith("stratified")) {
                Map<String, double[]> strata = strata(used);
                range = SecondOpinion.stratified(strata, name -> weights.isObject()
                        ? weights.path(name).asDouble(0)
                        : Objects.requireNonNull(strata.get(name)).length, confidence);
            } else if (kind.startsWith("anytime")) {
                double[] inOrder = means(units());
                range = SecondOpinion.anytime(sequential ? Arrays.copyOf(inOrder, stopped) : inOrder, margin, alpha);
            }
            if (!weights.isObject() && !(clustered && sequential)) {
                close("quality.diff", SecondOpinion.mean(d));
            }
            if (range != null) {
                close("quality.interval.lower", range.lower());
                close("quality.interval.upper", range.upper());
            } else if (!quality.path("interval").isNull()) {
                findings.add(new Finding("quality.interval_kind", false, kind, "a kind that is known"));
            }
            String stated = quality.path("verdict").asString("");
            if (!stated.equals("INVALID")) {
                same("quality.verdict", stated, outcome(quality, range));
            }
        }

        private String outcome(JsonNode quality, SecondOpinion.@Nullable Range range) {
            double lower = range == null ? quality.at("/interval/lower").asDouble(-1) : range.lower();
            double upper = range == null ? quality.at("/interval/upper").asDouble(1) : range.upper();
            if (sequential) {
                SecondOpinion.Replay replay = SecondOpinion.replay(means(units()), margin, alpha,
                        verdict.at("/design/n_min").asInt());
                if (!replay.decided()) {
                    return "INCONCLUSIVE";
                }
                return replay.nonInferior() < -Math.log(alpha) ? "INFERIOR" : lower > 0 ? "SUPERIOR" : "NON_INFERIOR";
            }
            if (lower > 0) {
                return "SUPERIOR";
            }
            return lower > -margin ? "NON_INFERIOR" : upper < -margin ? "INFERIOR" : "INCONCLUSIVE";
        }

        private static Map<String, double[]> strata(List<Pair> used) {
            Map<String, List<Double>> lists = new LinkedHashMap<>();
            used.forEach(pair -> lists.computeIfAbsent(String.valueOf(pair.stratum()), name -> new ArrayList<>())
                    .add(pair.d()));
            Map<String, double[]> strata = new LinkedHashMap<>();
            lists.forEach((name, d) -> strata.put(name, d.stream().mapToDouble(Double::doubleValue).toArray()));
            return strata;
        }

        private void guards(List<Pair> used) {
            for (JsonNode guard : verdict.path("guards")) {
                String metric = guard.path("metric").asString("");
                String what = "guards." + metric + ".";
                switch (metric) {
                    case "format.fail" -> failures(what, guard, used, "format_failure");
                    case "truncation" -> failures(what, guard, used, "truncated");
                    case "refusal" -> failures(what, guard, used, "refused");
                    case "latency.p95_ms" -> latency(what, guard, used);
                    default -> {
                        // graders by name, and ratios: their verdict must follow from the value and limit stated
                    }
                }
                same(what + "verdict", guard.path("verdict").asString(""), guardVerdict(guard));
            }
        }

        private void failures(String what, JsonNode guard, List<Pair> used, String flag) {
            int failed = (int) used.stream().filter(pair -> pair.candidate().path(flag).asBoolean(false)).count();
            close(what + "value", guard.path("value"), (double) failed / used.size());
            close(what + "upper95", guard.path("upper95"), SecondOpinion.rateAtMost(failed, used.size(), alpha));
        }

        private void latency(String what, JsonNode guard, List<Pair> used) {
            double[] sorted = used.stream()
                    .map(pair -> pair.candidate().path("latency_ms"))
                    .filter(JsonNode::isNumber)
                    .mapToDouble(JsonNode::doubleValue)
                    .sorted()
                    .toArray();
            if (sorted.length > 0) {
                close(what + "value", guard.path("value"), sorted[(int) Math.ceil(0.95 * sorted.length) - 1]);
            }
        }

        private static String guardVerdict(JsonNode guard) {
            if (guard.path("limit").isNull() || guard.path("limit").isMissingNode()) {
                return "INFO";
            }
            double limit = guard.path("limit").asDouble();
            if (guard.path("metric").asString("").equals("critical.fail")) {
                return guard.path("value").asDouble() == 0 ? "PASS" : "FAIL";
            }
            if (guard.path("upper95").isNumber() && guard.path("upper95").doubleValue() <= limit) {
                return "PASS";
            }
            return guard.path("value").isNumber() && guard.path("value").doubleValue() > limit ? "FAIL" : "UNDECIDED";
        }

        private void slices(List<Pair> used) {
            for (JsonNode slice : verdict.path("slices")) {
                String name = slice.path("name").asString("");
                double[] d = used.stream().filter(pair -> name.equals(pair.stratum())).mapToDouble(Pair::d).toArray();
                close("slices." + name + ".n", slice.path("n"), d.length);
                if (d.length > 0) {
                    close("slices." + name + ".diff", slice.path("diff"), SecondOpinion.mean(d));
                }
            }
        }

        private void decision() {
            Set<String> blocking = new HashSet<>();
            verdict.path("guards").forEach(guard -> {
                if (Set.of("FAIL", "UNDECIDED").contains(guard.path("verdict").asString(""))) {
                    blocking.add("guard " + guard.path("metric").asString(""));
                }
            });
            verdict.path("slices").forEach(slice -> {
                String outcome = slice.path("verdict").asString("");
                if (!outcome.isEmpty() && !Set.of("SUPERIOR", "NON_INFERIOR").contains(outcome)) {
                    blocking.add("slice " + slice.path("name").asString(""));
                }
            });
            String action = switch (verdict.at("/quality/verdict").asString("")) {
                case "SUPERIOR", "NON_INFERIOR" -> blocking.isEmpty() ? "ADVANCE" : "HOLD";
                case "INFERIOR" -> "REJECT";
                case "INVALID" -> "INVALID";
                default -> "NEED_DATA";
            };
            same("decision.action", verdict.at("/decision/action").asString(""), action);
        }

        private void economics(List<Pair> used) {
            if (verdict.path("economics").isObject()) {
                money("economics.candidate_per1k", used.stream().map(Pair::candidate).toList());
                money("economics.incumbent_per1k", used.stream().map(Pair::incumbent).toList());
            }
        }

        private void money(String path, List<JsonNode> sides) {
            BigDecimal sum = sides.stream()
                    .map(side -> new BigDecimal(side.path("cost").asString("0")))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            close(path, sum.doubleValue() * 1000 / sides.size());
        }

        private void count(String path, List<Pair> pairs, Predicate<Pair> which) {
            close(path, Math.toIntExact(pairs.stream().filter(which).count()));
        }

        private void close(String path, double computed) {
            close(path, verdict.at("/" + path.replace('.', '/')), computed);
        }

        private void close(String what, JsonNode stated, double computed) {
            double value = stated.isString() ? Double.parseDouble(stated.asString()) : stated.asDouble(Double.NaN);
            boolean holds = Math.abs(value - computed) <= TOLERANCE * Math.max(1, Math.abs(computed));
            findings.add(new Finding(what, holds, Objects.toString(stated.isNull() ? null : stated.asString()),
                    String.format(Locale.ROOT, "%.9g", computed)));
        }

        private void same(String what, String stated, String computed) {
            findings.add(new Finding(what, stated.equals(computed), stated, computed));
        }
    }
}
