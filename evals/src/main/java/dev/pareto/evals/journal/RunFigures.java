package dev.pareto.evals.journal;

import dev.pareto.evals.grade.judge.JudgeBias;
import dev.pareto.evals.journal.RunRecord.Kind;
import dev.pareto.evals.journal.RunRecord.Pair;
import dev.pareto.evals.stats.Interval;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a run's outcomes come to. Intervals are of level 95 % and descriptive: a verdict rests on its own test.
 *
 * @param models candidate and incumbent, or the only one
 * @param kinds how many items went which way
 * @param difference of a comparison, over the pairs that are graded; null when there are none
 * @param slices by stratum; empty when the items have none
 * @param spent all that this run paid: answers, judges, and calls beside it such as the noise floor's; null when that of any is unknown
 *     or there were none
 * @param judges what the judges' leanings are, for each model; empty when none was asked
 */
public record RunFigures(List<Side> models, Map<Kind, Integer> kinds, @Nullable Estimate difference,
        List<Slice> slices, List<JudgeBias> judges, @Nullable Spent spent) {

    /**
     * Money that a run paid.
     *
     * @param beside of it, for calls that are no items of the run: the noise floor's, a margin's; null when none
     */
    public record Spent(String amount, String currency, @Nullable String beside) {}

    /**
     * An estimate and its interval.
     *
     * @param interval null with too little to tell
     */
    public record Estimate(double value, @Nullable Interval interval, int n) {}

    /**
     * One model.
     *
     * @param done items with an outcome
     * @param errors of these, without an answer
     * @param ungraded answers that a grader failed on
     * @param accuracy mean score; null before the first
     * @param cost of all answers, reused ones too; null when that of any is unknown or there are none
     * @param spent cost of this run's own answers and of their judges; null when that of any is unknown or there are none
     */
    public record Side(String model, int done, int reused, int errors, int ungraded, int formatFailures, int truncated,
            int refused, int simulated, @Nullable Estimate accuracy, @Nullable String cost, @Nullable String spent,
            @Nullable String currency, @Nullable Double p50Millis, @Nullable Double p95Millis,
            @Nullable Double completionTokens) {

        /** Answers that this run asked for itself. */
        int fresh() {
            return done - reused - errors;
        }
    }

    /** One stratum; the incumbent's and the difference are null for a run of one model. */
    public record Slice(String name, int n, @Nullable Estimate candidate, @Nullable Estimate incumbent,
            @Nullable Estimate difference) {}

    public RunFigures {
        models = List.copyOf(models);
        slices = List.copyOf(slices);
        judges = List.copyOf(judges);
    }

    /** Counts and estimates of a run as far as it is. */
    public static RunFigures of(RunRecord run) {
        List<Side> models = new ArrayList<>();
        List<Side> paying = new ArrayList<>();
        List<JudgeBias> judges = new ArrayList<>();
        for (int model = 0; model < run.header().models().size(); model++) {
            List<Mark> marks = marks(run.pairs(), model);
            String name = run.header().models().get(model).model();
            models.add(side(name, marks));
            paying.add(models.getLast());
            paying.add(side(name, marks(run.late(), model)));
            if (!run.header().judges().isEmpty()) {
                judges.add(JudgeBias.of(
                        marks.stream().flatMap(mark -> mark.grades().stream()).map(Mark.GradeNote::grade).toList()));
            }
        }
        boolean compares = run.header().compares();
        return new RunFigures(models, RunRecord.kinds(run.pairs(), compares),
                compares ? Estimates.difference(run.pairs()) : null, slices(run.pairs(), compares), judges,
                spent(paying, run.beside()));
    }

    /** The same with the difference and interval that a verdict on the same items states. */
    RunFigures decided(Estimate verdict) {
        return new RunFigures(models, kinds, verdict, slices, judges, spent);
    }

    private static List<Mark> marks(Collection<Pair> pairs, int model) {
        return pairs.stream().map(pair -> pair.side(model)).filter(Objects::nonNull).toList();
    }

    private static List<Slice> slices(List<Pair> pairs, boolean compares) {
        Map<String, List<Pair>> strata = new TreeMap<>();
        for (Pair pair : pairs) {
            if (pair.stratum() != null) {
                strata.computeIfAbsent(pair.stratum(), name -> new ArrayList<>()).add(pair);
            }
        }
        List<Slice> slices = new ArrayList<>();
        strata.forEach((name, some) -> slices.add(new Slice(name, some.size(), Estimates.accuracy(marks(some, 0)),
                compares ? Estimates.accuracy(marks(some, 1)) : null, compares ? Estimates.difference(some) : null)));
        return slices;
    }

    private static Side side(String model, List<Mark> marks) {
        double[] latencies = marks.stream()
                .map(Mark::latencyMillis)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        double[] tokens = marks.stream()
                .map(Mark::completionTokens)
                .filter(Objects::nonNull)
                .mapToDouble(Long::doubleValue)
                .toArray();
        return new Side(model, marks.size(), count(marks, Mark::reused), count(marks, mark -> mark.answer() == null),
                count(marks, mark -> mark.answer() != null && !mark.graded()), count(marks, Mark::formatFailure),
                count(marks, Mark::truncated), count(marks, Mark::refused), count(marks, Mark::simulated),
                Estimates.accuracy(marks), cost(marks), paid(marks),
                marks.stream().map(Mark::currency).filter(Objects::nonNull).findFirst().orElse(null),
                quantile(latencies, 0.5), quantile(latencies, 0.95),
                tokens.length == 0 ? null : (Double) Arrays.stream(tokens).average().orElse(0));
    }

    private static @Nullable Spent spent(List<Side> models, @Nullable Money beside) {
        BigDecimal sum = beside == null ? null : beside.amount();
        String currency = beside == null ? null : beside.currency();
        for (Side side : models) {
            if (side.spent() == null) {
                if (side.fresh() > 0) {
                    return null;
                }
            } else if (currency != null && !currency.equals(side.currency())) {
                return null;
            } else {
                BigDecimal spent = new BigDecimal(side.spent());
                sum = sum == null ? spent : sum.add(spent);
                currency = side.currency();
            }
        }
        return sum == null || currency == null
                ? null
                : new Spent(Money.plain(sum), currency, beside == null ? null : beside.plain());
    }

    private static int count(List<Mark> marks, Predicate<Mark> which) {
        return (int) marks.stream().filter(which).count();
    }

    /** Null when the cost of any answer is unknown, currencies differ, or there is no answer. */
    private static @Nullable String cost(List<Mark> marks) {
        return sum(marks.stream().filter(mark -> mark.answer() != null).toList(), Mark::cost);
    }

    /** Likewise of what this run paid itself, judges too. */
    private static @Nullable String paid(List<Mark> marks) {
        List<Mark> fresh = marks.stream().filter(mark -> mark.answer() != null && !mark.reused()).toList();
        List<Mark> judged = marks.stream().filter(mark -> mark.judging() != null).toList();
        String answers = sum(fresh, Mark::cost);
        String judges = sum(judged, Mark::judging);
        if (answers == null || judges == null) {
            return !fresh.isEmpty() || judges == null ? answers : judges;
        }
        return Money.plain(new BigDecimal(answers).add(new BigDecimal(judges)));
    }

    private static @Nullable String sum(List<Mark> marks, Function<Mark, @Nullable String> price) {
        BigDecimal sum = null;
        String currency = null;
        for (Mark mark : marks) {
            String paid = price.apply(mark);
            if (paid == null || (currency != null && !currency.equals(mark.currency()))) {
                return null;
            }
            currency = mark.currency();
            BigDecimal cost = new BigDecimal(paid);
            sum = sum == null ? cost : sum.add(cost);
        }
        return sum == null ? null : sum.stripTrailingZeros().toPlainString();
    }

    /** The value that the share reaches, as the runner's own report counts. */
    private static @Nullable Double quantile(double[] sorted, double share) {
        return sorted.length == 0
                ? null
                : (Double) sorted[Math.clamp((int) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
    }
}
