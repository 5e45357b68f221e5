package dev.pareto.evals.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.MultipleTesting;
import dev.pareto.evals.stats.paired.McNemar;
import dev.pareto.evals.stats.paired.PairedTable;
import dev.pareto.evals.stats.paired.Tango;

/** Strata one by one: a pooled average can hide that one kind of request got much worse. */
final class Slices {

    /** So many are shown at most; the largest first. */
    private static final int MOST = 200;

    private final Design design;

    Slices(Design design) {
        this.design = design;
    }

    /** Strata with pass-or-fail scores, by name; empty when there are none. */
    List<Verdict.Slice> assess(List<PairRecord> pairs) {
        Map<String, List<PairRecord>> byStratum = new TreeMap<>();
        pairs.stream()
                .filter(pair -> pair.stratum() != null)
                .forEach(
                        pair -> byStratum.computeIfAbsent(String.valueOf(pair.stratum()), key -> new ArrayList<>())
                                .add(pair));
        List<String> names = new ArrayList<>();
        List<PairedTable> tables = new ArrayList<>();
        byStratum.entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue((a, b) -> Integer.compare(b.size(), a.size())))
                .limit(MOST)
                .forEach(entry -> {
                    PairedTable table = QualityTest.table(entry.getValue());
                    if (table != null) {
                        names.add(entry.getKey());
                        tables.add(table);
                    }
                });
        double[] p = tables.stream()
                .mapToDouble(table -> Math.clamp(McNemar.worseMidP(table.onlyCandidate(), table.onlyIncumbent()), 0, 1))
                .toArray();
        double[] holm = MultipleTesting.holm(p);
        double[] discoveries = MultipleTesting.benjaminiHochberg(p);
        Double rate = design.plan().falseDiscoveryRate();
        List<Verdict.Slice> slices = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            slices.add(slice(names.get(i), tables.get(i),
                    rate == null ? holm[i] <= design.plan().alpha() : discoveries[i] <= rate, p[i], holm[i]));
        }
        slices.sort((a, b) -> a.name().compareTo(b.name()));
        return slices;
    }

    private Verdict.Slice slice(String name, PairedTable table, boolean flagged, double p, double holm) {
        boolean critical = design.plan().criticalStrata().contains(name);
        Interval interval = Tango.interval(table, 1 - 2 * design.plan().alpha());
        // A slice is small, so it may be twice as uncertain, but not twice as bad by its own best estimate.
        var verdict = critical ? Margins.outcome(interval, Math.min(2 * design.margin(), 0.999)) : null;
        return new Verdict.Slice(name, table.n(), table.candidateRate(), table.incumbentRate(), table.difference(),
                QualityTest.bounds(interval), critical, flagged, verdict, p, holm);
    }
}
