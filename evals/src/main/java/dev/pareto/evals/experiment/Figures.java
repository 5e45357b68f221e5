package dev.pareto.evals.experiment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Sample;
import dev.pareto.evals.stats.arms.Cuped;
import dev.pareto.evals.stats.arms.DeltaMethod;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Metric;
import org.jspecify.annotations.Nullable;

/** One metric in every arm: its figure, and the units' contributions to it with what was known of them before taken away. */
final class Figures {

    /** So many units must have been seen before the start, or nothing is foretold from it. */
    private static final int ENOUGH_SEEN_BEFORE = 50;

    private final Metric metric;
    private final Map<String, InArm> arms = new HashMap<>();
    private double varianceGone;

    /**
     * @param value the plain figure; null without values
     * @param contributions one for each unit with values; empty where there is no figure
     * @param units whose they are
     * @param bounded whether every value lies in [0, 1] and may be read as a share
     */
    private record InArm(@Nullable Double value, long measured, double[] contributions, List<Long> units,
            boolean bounded) {}

    private Figures(Metric metric) {
        this.metric = metric;
    }

    static Figures of(ExperimentPlan plan, Cohorts cohorts, Metric metric) {
        Figures figures = new Figures(metric);
        for (Arm arm : plan.arms()) {
            figures.arms.put(arm.name(), inArm(cohorts, metric, arm.name()));
        }
        if (metric.quantile() == null) {
            figures.takeAwayWhatWasKnown(cohorts);
        }
        return figures;
    }

    private static InArm inArm(Cohorts cohorts, Metric metric, String arm) {
        List<Long> units = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        cohorts.arm(arm).values().forEach(member -> {
            Cohorts.Values known = member.values.get(metric.source());
            if (known != null) {
                known.forEach(value -> {
                    values.add(value);
                    owners.add(units.size());
                });
                units.add(member.unit);
            }
        });
        if (values.isEmpty()) {
            return new InArm(null, 0, new double[0], units, false);
        }
        double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
        int[] owner = owners.stream().mapToInt(Integer::intValue).toArray();
        Metric.Kind kind = metric.kind();
        boolean bounded = (kind == Metric.Kind.RATE || kind == Metric.Kind.SCORE)
                && values.stream().allMatch(value -> value >= 0 && value <= 1);
        if (metric.quantile() != null) {
            double[] parts = DeltaMethod.quantile(all, owner, units.size(), metric.quantile());
            return new InArm(parts == null ? null : (Double) Moments.mean(parts), all.length,
                    parts == null ? new double[0] : parts, units, false);
        }
        double[] sums = new double[units.size()];
        double[] counts = new double[units.size()];
        for (int i = 0; i < all.length; i++) {
            sums[owner[i]] += all[i];
            counts[owner[i]]++;
        }
        return new InArm(Moments.mean(all), all.length, DeltaMethod.ratio(sums, counts), units, bounded);
    }

    /** CUPED over all arms together; a unit that was not seen before counts as an average one. */
    private void takeAwayWhatWasKnown(Cohorts cohorts) {
        List<InArm> filled = arms.values().stream().filter(arm -> arm.contributions.length > 0).toList();
        int n = filled.stream().mapToInt(arm -> arm.contributions.length).sum();
        double[] prior = new double[n];
        double[] outcome = new double[n];
        int at = 0;
        double sum = 0;
        int seen = 0;
        for (InArm arm : filled) {
            for (int i = 0; i < arm.contributions.length; i++) {
                Double before = cohorts.before(arm.units.get(i), metric.source());
                outcome[at] = arm.contributions[i];
                prior[at++] = before == null ? Double.NaN : before;
                sum += before == null ? 0 : before;
                seen += before == null ? 0 : 1;
            }
        }
        if (seen < ENOUGH_SEEN_BEFORE) {
            return;
        }
        double usual = sum / seen;
        for (int i = 0; i < n; i++) {
            prior[i] = Double.isNaN(prior[i]) ? usual : prior[i];
        }
        Cuped cuped = Cuped.fit(prior, outcome);
        varianceGone = cuped.reduction();
        at = 0;
        for (InArm arm : filled) {
            for (int i = 0; i < arm.contributions.length; i++) {
                arm.contributions[i] = cuped.adjust(prior[at++], arm.contributions[i]);
            }
        }
    }

    Metric metric() {
        return metric;
    }

    /** The plain figure; null without values. */
    @Nullable
    Double value(String arm) {
        return in(arm).value;
    }

    long measured(String arm) {
        return in(arm).measured;
    }

    double varianceGone() {
        return varianceGone;
    }

    /**
     * The contributions. Of shares the spread is never less than that of one success and one failure more: a hundred successes in a row
     * do not prove that there are no failures.
     */
    Sample sample(String arm) {
        InArm in = in(arm);
        Sample sample = Sample.of(in.contributions);
        if (!in.bounded || sample.n() == 0) {
            return sample;
        }
        Sample wider = sample.add(0).add(1);
        double variance = Math.max(sample.populationVariance(), wider.populationVariance());
        return new Sample(sample.n(), sample.mean(), sample.n() < 2 ? 0 : variance * sample.n());
    }

    private InArm in(String arm) {
        InArm in = arms.get(arm);
        if (in == null) {
            throw new IllegalArgumentException("no arm " + arm);
        }
        return in;
    }
}
