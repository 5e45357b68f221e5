package dev.pareto.evals.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import dev.pareto.evals.stats.ClopperPearson;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.QuantileInterval;
import dev.pareto.evals.stats.paired.PairedTable;
import dev.pareto.evals.stats.paired.SuccessCostRatio;
import dev.pareto.evals.stats.paired.Tango;
import dev.pareto.evals.suite.GuardPlan;

import org.jspecify.annotations.Nullable;

/**
 * Conditions besides quality, each tested at full alpha: all must hold, so none needs a correction
 * (intersection-union). What a suite does not demand is measured and shown, and blocks nothing.
 */
final class Guards {

    private static final double P95 = 0.95;

    private final double alpha;
    private final List<PairRecord> pairs;

    Guards(double alpha, List<PairRecord> pairs) {
        this.alpha = alpha;
        this.pairs = List.copyOf(pairs);
    }

    /** The demanded guards in the suite's order, then the usual ones that were not demanded. */
    List<Verdict.Guard> assess(List<GuardPlan> plans) {
        List<Verdict.Guard> guards = new ArrayList<>();
        for (GuardPlan plan : plans) {
            switch (plan.metric()) {
                case "latency.p95_ms" -> guards.add(latency(plan.max()));
                case "cost_per_success" -> guards.add(costPerSuccess(plan.maxRatio()));
                default -> guards.addAll(failures(plan));
            }
        }
        if (pairs.stream().anyMatch(PairRecord::critical)) {
            guards.add(critical());
        }
        List<String> stated = plans.stream().map(GuardPlan::metric).toList();
        if (!stated.contains("format.fail")) {
            guards.add(ceiling("format.fail", PairRecord.Side::formatFailure, null));
        }
        if (!stated.contains("truncation") && pairs.stream().anyMatch(pair -> pair.candidate().truncated())) {
            guards.add(ceiling("truncation", PairRecord.Side::truncated, null));
        }
        if (!stated.contains("refusal") && pairs.stream().anyMatch(pair -> pair.candidate().refused())) {
            guards.add(ceiling("refusal", PairRecord.Side::refused, null));
        }
        if (!stated.contains("latency.p95_ms")) {
            guards.add(latency(null));
        }
        if (!stated.contains("cost_per_success")) {
            guards.add(costPerSuccess(null));
        }
        return guards;
    }

    /** Not one critical item may fail; its upper limit says how rare failures are then (the rule of three, exactly). */
    private Verdict.Guard critical() {
        List<PairRecord> critical = pairs.stream().filter(PairRecord::critical).toList();
        int failed = (int) critical.stream().filter(pair -> pair.candidateScore() < 1).count();
        return new Verdict.Guard("critical.fail", (double) failed / critical.size(),
                ClopperPearson.upper(failed, critical.size(), 1 - alpha), 0.0,
                failed == 0 ? Verdict.GuardVerdict.PASS : Verdict.GuardVerdict.FAIL,
                failed + " of " + critical.size() + " critical items, none is allowed");
    }

    private List<Verdict.Guard> failures(GuardPlan plan) {
        Predicate<PairRecord.Side> failed = switch (plan.metric()) {
            case "format.fail" -> PairRecord.Side::formatFailure;
            case "truncation" -> PairRecord.Side::truncated;
            case "refusal" -> PairRecord.Side::refused;
            default -> side -> side.failedGraders()
                    .contains(plan.metric().substring("grader.".length(), plan.metric().lastIndexOf('.')));
        };
        List<Verdict.Guard> guards = new ArrayList<>();
        if (plan.max() != null) {
            guards.add(count(plan.metric(), failed, plan.max()));
        }
        if (plan.ceiling() != null) {
            guards.add(ceiling(plan.metric(), failed, plan.ceiling()));
        }
        Double margin = plan.nonInferiorityMargin();
        if (margin != null) {
            guards.add(notMoreOften(plan.metric(), failed, margin));
        }
        return guards;
    }

    /** So many failures are allowed and no more, usually none; how sure that makes one is the ceiling's question. */
    private Verdict.Guard count(String metric, Predicate<PairRecord.Side> failed, double most) {
        double failures = pairs.stream().map(PairRecord::candidate).filter(failed).count();
        return guard(metric + " count", failures, failures, most, "counted");
    }

    private Verdict.Guard ceiling(String metric, Predicate<PairRecord.Side> failed, @Nullable Double limit) {
        int failures = (int) pairs.stream().map(PairRecord::candidate).filter(failed).count();
        double upper = ClopperPearson.upper(failures, pairs.size(), 1 - alpha);
        return guard(metric, (double) failures / pairs.size(), upper, limit, failures + " of " + pairs.size());
    }

    /** The candidate may fail at most {@code margin} more often than the incumbent. */
    private Verdict.Guard notMoreOften(String metric, Predicate<PairRecord.Side> failed, double margin) {
        int[] cells = new int[4];
        for (PairRecord pair : pairs) {
            cells[(failed.test(pair.candidate()) ? 2 : 0) + (failed.test(pair.incumbent()) ? 1 : 0)]++;
        }
        PairedTable passes = new PairedTable(cells[0], cells[1], cells[2], cells[3]);
        Interval difference = Tango.interval(passes, 1 - 2 * alpha);
        return guard(metric + " difference", -passes.difference(), -difference.lower(), margin,
                "against the incumbent, paired");
    }

    private Verdict.Guard latency(@Nullable Double limit) {
        double[] sorted = pairs.stream()
                .map(pair -> pair.candidate().latencyMillis())
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return guard("latency.p95_ms", null, null, limit, "no latency was measured");
        }
        double value = sorted[(int) Math.ceil(P95 * sorted.length) - 1];
        double upper = QuantileInterval.of(sorted, P95, 1 - 2 * alpha).upper();
        return guard("latency.p95_ms", value, Double.isInfinite(upper) ? null : (Double) upper, limit,
                "order statistics of " + sorted.length + " answers");
    }

    /** Cost per right answer, candidate to incumbent. */
    private Verdict.Guard costPerSuccess(@Nullable Double limit) {
        String metric = "cost_per_success.ratio";
        int n = pairs.size();
        double[] costX = new double[n];
        double[] costY = new double[n];
        double[] scoreX = new double[n];
        double[] scoreY = new double[n];
        for (int i = 0; i < n; i++) {
            PairRecord pair = pairs.get(i);
            var candidate = pair.candidate().cost();
            var incumbent = pair.incumbent().cost();
            if (candidate == null || incumbent == null || !candidate.currency().equals(incumbent.currency())) {
                return guard(metric, null, null, limit, "the cost of some answer is unknown");
            }
            costX[i] = candidate.amount().doubleValue();
            costY[i] = incumbent.amount().doubleValue();
            scoreX[i] = pair.candidateScore();
            scoreY[i] = pair.incumbentScore();
        }
        double meanCost = mean(costX);
        if (meanCost == 0 && mean(scoreX) > 0) {
            return guard(metric, 0.0, 0.0, limit, "the candidate's answers cost nothing");
        }
        if (n < 2 || !(mean(costY) > 0) || !(mean(scoreX) > 0) || !(mean(scoreY) > 0)) {
            return guard(metric, null, null, limit, "no cost of the incumbent, or no right answers");
        }
        SuccessCostRatio ratio = SuccessCostRatio.of(costX, scoreX, costY, scoreY);
        return guard(metric, ratio.ratio(), ratio.interval(1 - 2 * alpha).upper(), limit, "paired, delta method");
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static Verdict.Guard guard(String metric, @Nullable Double value, @Nullable Double upper,
            @Nullable Double limit, String reason) {
        Verdict.GuardVerdict verdict;
        if (limit == null) {
            verdict = Verdict.GuardVerdict.INFO;
        } else if (upper != null && upper <= limit) {
            verdict = Verdict.GuardVerdict.PASS;
        } else if (value != null && value > limit) {
            verdict = Verdict.GuardVerdict.FAIL;
        } else {
            verdict = Verdict.GuardVerdict.UNDECIDED;
        }
        return new Verdict.Guard(metric, value, upper, limit, verdict, reason);
    }
}
