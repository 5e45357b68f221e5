package dev.pareto.evals.verdict;

import java.util.List;
import java.util.Locale;

import dev.pareto.evals.stats.agreement.PredictionPowered;
import dev.pareto.evals.stats.agreement.SteadyPowered;
import dev.pareto.evals.suite.Grouping;

import org.jspecify.annotations.Nullable;

/**
 * A judge's scores of all pairs, put right by people's marks of some (PPI++ on the differences): valid however wrong the judge is, as
 * long as the marked pairs were drawn at random.
 *
 * @param labels for the record
 * @param powered the corrected difference; null where the labels cannot bear it
 */
record JudgedByPeople(Verdict.HumanLabels labels, @Nullable SteadyPowered powered) {

    /** Fewer labels say too little of a judge. */
    static final int FEWEST_LABELS = 50;
    /** Normal quantile of one in a thousand, two-sided. */
    private static final double FAR = 3.2905;

    /** Null when nobody was asked. */
    static @Nullable JudgedByPeople of(List<PairRecord> pairs, Design design) {
        List<PairRecord> marked = pairs.stream().filter(PairRecord::labelled).toList();
        if (marked.isEmpty()) {
            return null;
        }
        List<PairRecord> rest = pairs.stream().filter(pair -> !pair.labelled()).toList();
        double[] human = marked.stream().mapToDouble(PairRecord::humanDifference).toArray();
        double[] same = marked.stream().mapToDouble(PairRecord::difference).toArray();
        double[] others = rest.stream().mapToDouble(PairRecord::difference).toArray();
        String unused = unused(design, marked, rest);
        double[] judged = others.length == 0 ? same : others;
        SteadyPowered powered = unused != null
                ? null
                : SteadyPowered.of(others.length == 0
                        ? PredictionPowered.of(human, same, same, 0)
                        : PredictionPowered.of(human, same, others), human, same, judged);
        return new JudgedByPeople(new Verdict.HumanLabels(marked.size(), rest.size(), mean(pairs), mean(human),
                powered == null ? null : (Double) powered.plain().lambda(), unused), powered);
    }

    private static @Nullable String unused(Design design, List<PairRecord> marked, List<PairRecord> rest) {
        if (design.test() == Design.Test.SEQUENTIAL || !(design.plan().grouping() instanceof Grouping.None)) {
            return "only the fixed test of independent items can use them";
        }
        if (marked.size() < FEWEST_LABELS) {
            return "there are fewer than " + FEWEST_LABELS;
        }
        double ours = discordant(marked);
        double theirs = rest.isEmpty() ? ours : discordant(rest);
        double all = (ours * marked.size() + theirs * rest.size()) / (marked.size() + rest.size());
        double error = Math.sqrt(all * (1 - all) * (1.0 / marked.size() + 1.0 / Math.max(1, rest.size())));
        return Math.abs(ours - theirs) > FAR * error
                ? String.format(Locale.ROOT,
                        "they are no random sample: the judge sees a difference on %.1f %% of them and"
                                + " %.1f %% of the rest",
                        100 * ours, 100 * theirs)
                : null;
    }

    private static double discordant(List<PairRecord> pairs) {
        return (double) pairs.stream().filter(pair -> pair.difference() != 0).count() / pairs.size();
    }

    private static double mean(List<PairRecord> pairs) {
        return pairs.stream().mapToDouble(PairRecord::difference).average().orElse(0);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
