package dev.pareto.evals.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Every stratum by itself, and the correction for looking at all of them; one that is missing is named. */
final class SliceCheck {

    private static final int MOST = 200;

    private final Findings findings;
    private final Work work;

    SliceCheck(Findings findings, Work work) {
        this.findings = findings;
        this.work = work;
    }

    void check() {
        Map<String, List<Pair>> slices = slices();
        List<String> names = new ArrayList<>();
        JsonNode stated = findings.at("slices");
        stated.forEach(slice -> names.add(slice.path("name").asString("")));
        findings.holds("slices", names.equals(List.copyOf(slices.keySet())), names.toString(),
                slices.keySet().toString());
        double[] p = slices.values().stream().mapToDouble(pairs -> Counts.worse(better(pairs), worse(pairs))).toArray();
        double[] holm = Counts.holm(p);
        JsonNode rate = findings.at("design.false_discovery_rate");
        boolean[] flags = Counts.discoveries(p, rate.asDouble(0));
        for (int k = 0; k < p.length && !rate.isNumber(); k++) {
            flags[k] = holm[k] <= work.alpha();
        }
        Set<String> critical = new HashSet<>();
        findings.at("design.critical").forEach(name -> critical.add(name.asString()));
        int i = 0;
        for (Map.Entry<String, List<Pair>> slice : slices.entrySet()) {
            for (JsonNode one : stated) {
                if (one.path("name").asString("").equals(slice.getKey())) {
                    check(one, slice.getKey(), slice.getValue(), critical.contains(slice.getKey()));
                    String what = "slices." + slice.getKey() + ".";
                    findings.number(what + "p_worse", one.path("p_worse"), p[i]);
                    findings.number(what + "p_worse_holm", one.path("p_worse_holm"), holm[i]);
                    findings.same(what + "flagged", one.path("flagged"), Boolean.toString(flags[i]));
                }
            }
            i++;
        }
    }

    private void check(JsonNode stated, String name, List<Pair> pairs, boolean critical) {
        String what = "slices." + name + ".";
        double n = pairs.size();
        SecondOpinion.Range range = SecondOpinion.tango(better(pairs), worse(pairs), pairs.size(), work.confidence());
        findings.number(what + "n", stated.path("n"), n);
        findings.number(what + "candidate_accuracy", stated.path("candidate_accuracy"),
                pairs.stream().mapToDouble(Pair::x).sum() / n);
        findings.number(what + "incumbent_accuracy", stated.path("incumbent_accuracy"),
                pairs.stream().mapToDouble(Pair::y).sum() / n);
        findings.number(what + "diff", stated.path("diff"), (better(pairs) - worse(pairs)) / n);
        findings.number(what + "interval.lower", stated.at("/interval/lower"), range.lower());
        findings.number(what + "interval.upper", stated.at("/interval/upper"), range.upper());
        findings.same(what + "critical", stated.path("critical"), Boolean.toString(critical));
        @Nullable
        String verdict = critical ? Work.outcome(range, Math.min(2 * work.margin(), 0.999)) : null;
        findings.same(what + "verdict", stated.path("verdict"), verdict);
    }

    /** Strata of pass-or-fail scores by name, of very many the largest. */
    private Map<String, List<Pair>> slices() {
        Map<String, List<Pair>> byName = new TreeMap<>();
        for (Pair pair : work.used()) {
            if (pair.stratum() != null) {
                byName.computeIfAbsent(pair.stratum(), name -> new ArrayList<>()).add(pair);
            }
        }
        Map<String, List<Pair>> slices = new TreeMap<>();
        byName.entrySet()
                .stream()
                .sorted(Comparator.comparingInt(entry -> -entry.getValue().size()))
                .limit(MOST)
                .filter(entry -> Work.binary(entry.getValue()))
                .forEach(entry -> slices.put(entry.getKey(), entry.getValue()));
        return slices;
    }

    private static int better(List<Pair> pairs) {
        return (int) pairs.stream().filter(pair -> pair.x() > pair.y()).count();
    }

    private static int worse(List<Pair> pairs) {
        return (int) pairs.stream().filter(pair -> pair.x() < pair.y()).count();
    }
}
