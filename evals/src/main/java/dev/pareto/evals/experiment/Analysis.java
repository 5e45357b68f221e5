package dev.pareto.evals.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.pareto.evals.experiment.Findings.ArmCount;
import dev.pareto.evals.experiment.Findings.Difference;
import dev.pareto.evals.experiment.Findings.GuardState;
import dev.pareto.evals.experiment.Findings.Split;
import dev.pareto.evals.experiment.Findings.Verdict;
import dev.pareto.evals.stats.MultipleTesting;
import dev.pareto.evals.stats.Sample;
import dev.pareto.evals.stats.sequential.AsymptoticSequence;
import dev.pareto.policies.detect.SampleRatio;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Guard;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.Tolerance;
import org.jspecify.annotations.Nullable;

/**
 * Looks at an experiment. Each request counts for the arm that it was assigned to, whoever answered it in the end; the requests of a unit
 * count as one observation of many parts. Differences have asymptotic confidence sequences, so that one may look as often as one likes;
 * several arms share the primary metric's error by Holm, their intervals by Bonferroni. Stateless.
 */
public final class Analysis {

    /** Metrics of 0 and 1 whose value is known for good when the request ends: an exact test watches them from the first unit on. */
    private static final List<String> KNOWN_AT_END = List.of("errors", "format", "truncated");

    private final ExperimentPlan plan;
    private final AsymptoticSequence sequence;

    public Analysis(ExperimentPlan plan) {
        this.plan = plan;
        this.sequence = AsymptoticSequence.tightestAt(Math.max(1, plan.stop().most() / 2.0), plan.stop().alpha());
    }

    /** @param requests in the order of their arrival, those that were only watched included */
    public Findings of(List<Seen> requests) {
        return ofEach(requests::forEach);
    }

    /**
     * The same of requests that are not all held at once.
     *
     * @param requests gives each, in the order of their arrival
     */
    public Findings ofEach(Consumer<Consumer<Seen>> requests) {
        var cohorts = new Cohorts(plan);
        requests.accept(cohorts::add);
        cohorts.end();
        List<Figures> figures = plan.metrics().stream().map(metric -> Figures.of(plan, cohorts, metric)).toList();
        List<ArmCount> counts = plan.arms().stream().map(arm -> count(cohorts, figures, arm)).toList();
        List<Difference> differences = new ArrayList<>();
        for (Figures one : figures) {
            differences.addAll(differences(one, one.metric().name().equals(plan.primary().name())));
        }
        return new Findings(counts.stream().mapToLong(ArmCount::requests).sum(),
                counts.stream().mapToLong(ArmCount::units).sum(), counts, split(counts), differences,
                guards(cohorts, figures));
    }

    private static ArmCount count(Cohorts cohorts, List<Figures> figures, Arm arm) {
        Collection<Cohorts.Member> members = cohorts.arm(arm.name()).values();
        Map<String, Double> values = new LinkedHashMap<>();
        Map<String, Long> measured = new LinkedHashMap<>();
        for (Figures one : figures) {
            Double value = one.value(arm.name());
            if (value != null) {
                values.put(one.metric().name(), value);
                measured.put(one.metric().name(), one.measured(arm.name()));
            }
        }
        return new ArmCount(arm.name(), arm.weight(), members.size(),
                members.stream().mapToLong(member -> member.requests).sum(),
                members.stream().mapToLong(member -> member.delivered).sum(), values, measured);
    }

    private Split split(List<ArmCount> counts) {
        var ratio = new SampleRatio(normalised(), counts.stream().map(ArmCount::units).toList());
        return new Split(ratio.logBayesFactor(), -Math.log(SampleRatio.ALPHA), ratio.mismatch(SampleRatio.ALPHA));
    }

    private List<Double> normalised() {
        double sum = plan.arms().stream().mapToDouble(Arm::weight).sum();
        return plan.arms().stream().map(arm -> arm.weight() / sum).toList();
    }

    private List<Difference> differences(Figures figures, boolean primary) {
        List<Arm> treatments = plan.treatments();
        Sample control = figures.sample(plan.control().name());
        double[] p = new double[treatments.size()];
        for (int i = 0; i < p.length; i++) {
            p[i] = sequence.alwaysValidP(figures.sample(treatments.get(i).name()), control);
        }
        double[] adjusted = primary ? MultipleTesting.holm(p) : p;
        double alpha = primary ? plan.stop().alpha() / p.length : plan.stop().alpha();
        var intervals = new AsymptoticSequence(alpha, sequence.rho2());
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            String arm = treatments.get(i).name();
            Sample treated = figures.sample(arm);
            boolean both = control.n() > 0 && treated.n() > 0;
            Double difference = both ? (Double) (treated.mean() - control.mean()) : null;
            var interval = intervals.difference(treated, control);
            differences.add(new Difference(figures.metric().name(), arm, primary, figures.metric().higherIsBetter(),
                    figures.value(plan.control().name()), figures.value(arm), difference, finite(interval.lower()),
                    finite(interval.upper()), 1 - alpha, adjusted[i], figures.varianceGone(),
                    primary
                            ? verdict(figures, intervals, treated, control, adjusted[i])
                            : Verdict.UNDECIDED));
        }
        return differences;
    }

    private Verdict verdict(Figures figures, AsymptoticSequence intervals, Sample treated, Sample control, double p) {
        long least = Math.min(treated.n(), control.n());
        if (least < plan.stop().least()) {
            return Verdict.UNDECIDED;
        }
        if (p <= plan.stop().alpha()) {
            boolean higher = treated.mean() > control.mean();
            return higher == figures.metric().higherIsBetter() ? Verdict.BETTER : Verdict.WORSE;
        }
        Tolerance effect = plan.effect();
        boolean within = effect.amount() > 0
                && intervals.difference(treated, scaled(control, 1 + share(effect))).upper() < amount(effect)
                && intervals.difference(treated, scaled(control, 1 - share(effect))).lower() > -amount(effect);
        return within ? Verdict.NO_DIFFERENCE : Verdict.UNDECIDED;
    }

    private List<GuardState> guards(Cohorts cohorts, List<Figures> figures) {
        List<GuardState> states = new ArrayList<>();
        // every test of every guard has its part of the one probability that any of them cries wolf
        int tests = 0;
        for (Guard guard : plan.guards()) {
            tests += plan.treatments().size() * (exact(guard) ? 2 : 1);
        }
        for (Guard guard : plan.guards()) {
            Figures measured = figures.stream()
                    .filter(one -> one.metric().name().equals(guard.metric().name()))
                    .findFirst()
                    .orElseThrow();
            for (Arm arm : plan.treatments()) {
                states.add(guard(cohorts, measured, guard, arm.name(), plan.stop().guardAlpha() / tests));
            }
        }
        return states;
    }

    private GuardState guard(Cohorts cohorts, Figures figures, Guard guard, String arm, double alpha) {
        Tolerance tolerance = guard.tolerance();
        boolean higher = guard.metric().higherIsBetter();
        Sample control = scaled(figures.sample(plan.control().name()),
                higher ? 1 - share(tolerance) : 1 + share(tolerance));
        Sample treated = figures.sample(arm);
        var bounds = new AsymptoticSequence(alpha, sequence.rho2());
        Double worse = finite((higher
                ? bounds.differenceAtLeast(control, treated)
                : bounds.differenceAtLeast(treated, control)) - amount(tolerance));
        boolean alarm = worse != null && worse > 0;
        if (!exact(guard)) {
            return new GuardState(guard.metric().name(), arm, tolerance.amount(), tolerance.relative(), worse, null,
                    null, alarm);
        }
        double evidence = PairedLosses.logEvidence(cohorts.firsts(arm, guard.metric().name()),
                cohorts.firsts(plan.control().name(), guard.metric().name()), tolerance.amount());
        return new GuardState(guard.metric().name(), arm, tolerance.amount(), tolerance.relative(), worse, evidence,
                -Math.log(alpha), alarm || evidence >= -Math.log(alpha));
    }

    private static boolean exact(Guard guard) {
        return KNOWN_AT_END.contains(guard.metric().name());
    }

    private static double share(Tolerance tolerance) {
        return tolerance.relative() ? tolerance.amount() : 0;
    }

    private static double amount(Tolerance tolerance) {
        return tolerance.relative() ? 0 : tolerance.amount();
    }

    private static Sample scaled(Sample sample, double factor) {
        return factor == 1
                ? sample
                : new Sample(sample.n(), factor * sample.mean(), factor * factor * sample.squaredDistances());
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? (Double) value : null;
    }
}
