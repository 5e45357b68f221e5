package dev.pareto.policies.simulate;

import dev.pareto.policies.bandit.Choice;
import dev.pareto.policies.catalog.ModelId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened in a world, request by request. */
public record WorldRun(WorldPlan plan, List<Step> steps, List<Alarm> alarms) {

    /** After a change, requests until the best is to serve. */
    public static final int SETTLING = 200;

    /** What a candidate would bring in truth: probability of a good answer, cost, and latency's 95th percentile in seconds. */
    public record Truth(double success, double cost, double p95Seconds) {}

    /**
     * One request.
     *
     * @param chosen null when it was refused for the budget's sake
     * @param served null when nobody answered
     * @param reward 1 for a good answer
     * @param success the probability of that
     * @param labelled whether the bandit will hear of the reward
     * @param oracle who should have served; null when nobody can
     */
    public record Step(int number, double ease, @Nullable ModelId chosen, @Nullable ModelId served,
            Choice.@Nullable Why why, double propensity, Map<ModelId, Double> propensities, double reward,
            double success, double cost, double seconds, boolean labelled, @Nullable ModelId oracle,
            Map<ModelId, Truth> truths) {

        static Step refused(int number, double ease, @Nullable ModelId oracle) {
            return new Step(number, ease, null, null, null, 1, Map.of(), 0, 0, 0, 0, false, oracle, Map.of());
        }
    }

    /** A model was found changed, by the label of that step, when so many requests had come. */
    public record Alarm(ModelId model, int step, int requests) {}

    /**
     * What followed a change that moved the oracle, or of quality.
     *
     * @param share of the traffic on the oracle's model from {@link #SETTLING} requests after the change to the next one
     * @param settled requests until nine in ten of the last twenty went there; null for never
     * @param labels of the changed model from the change until it was found out or left; null where quality did not fall
     * @param bound ln(ARL)/KL in labels; null where quality did not fall
     */
    public record Aftermath(WorldPlan.Change change, double share, @Nullable Integer settled, @Nullable Integer labels,
            @Nullable Double bound) {}

    public WorldRun {
        steps = List.copyOf(steps);
        alarms = List.copyOf(alarms);
    }

    public List<Aftermath> aftermaths() {
        List<Aftermath> all = new ArrayList<>();
        Map<ModelId, Nature> now = new LinkedHashMap<>(plan.start());
        for (int i = 0; i < plan.changes().size(); i++) {
            WorldPlan.Change change = plan.changes().get(i);
            int end = i + 1 < plan.changes().size() ? plan.changes().get(i + 1).request() : plan.requests();
            Nature before = now.put(change.model(), change.nature());
            boolean fell = before != null && change.kind() == WorldPlan.Kind.QUALITY
                    && change.nature().quality() < before.quality();
            all.add(new Aftermath(change, share(change.request() + SETTLING, end), settled(change.request(), end),
                    fell ? delay(change, end) : null, fell ? bound(before, change.nature()) : null));
        }
        return all;
    }

    private double share(int from, int to) {
        long right = 0;
        long all = 0;
        for (Step step : steps.subList(Math.min(from, steps.size()), Math.min(to, steps.size()))) {
            if (step.oracle() != null) {
                all++;
                right += step.oracle().equals(step.served()) ? 1 : 0;
            }
        }
        return all == 0 ? 1 : (double) right / all;
    }

    private @Nullable Integer settled(int from, int to) {
        int right = 0;
        for (int i = from; i < to; i++) {
            right += right(i);
            if (i - from >= 20) {
                right -= right(i - 20);
            }
            if (i - from >= 19 && right >= 18) {
                return i - from + 1;
            }
        }
        return null;
    }

    private int right(int step) {
        ModelId oracle = steps.get(step).oracle();
        return oracle != null && oracle.equals(steps.get(step).served()) ? 1 : 0;
    }

    /** Labels of answers given after the change, until an alarm or until the model leads no more. */
    private @Nullable Integer delay(WorldPlan.Change change, int end) {
        int alarm = alarms.stream()
                .filter(one -> one.model().equals(change.model()) && one.step() >= change.request())
                .mapToInt(Alarm::step)
                .findFirst()
                .orElse(end);
        int left = end;
        for (int i = change.request(); i < end && left == end; i++) {
            Step step = steps.get(i);
            if (step.why() == Choice.Why.BEST && !change.model().equals(step.chosen())) {
                left = i;
            }
        }
        int until = Math.min(alarm, left);
        if (until >= end) {
            return null;
        }
        int labels = 0;
        for (Step step : steps.subList(change.request(), Math.min(until + 1, steps.size()))) {
            labels += step.labelled() && change.model().equals(step.chosen()) ? 1 : 0;
        }
        return labels;
    }

    private double bound(Nature before, Nature after) {
        double p = after.quality();
        double q = before.quality();
        double divergence = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
        return Math.log(plan.bandit().falseAlarms()) / divergence;
    }

    /** Changes of the model that undrawn requests go to. */
    public int switches() {
        int switches = 0;
        ModelId before = null;
        for (Step step : steps) {
            if (step.why() == Choice.Why.BEST && step.served() != null) {
                switches += before != null && !before.equals(step.served()) ? 1 : 0;
                before = step.served();
            }
        }
        return switches;
    }

    /** All costs of a period of the budget together. */
    public double spent() {
        return steps.stream().mapToDouble(Step::cost).sum();
    }

    /** What was lost against the oracle up to each request, by the plan's weights; a refused or failed request loses nothing. */
    public double[] regret() {
        double[] regret = new double[steps.size()];
        double sum = 0;
        for (int i = 0; i < regret.length; i++) {
            Step step = steps.get(i);
            if (step.oracle() != null && step.chosen() != null) {
                sum += worth(step, step.oracle()) - worth(step, step.chosen());
            }
            regret[i] = sum;
        }
        return regret;
    }

    /** What is worth less than the oracle's: also whoever is dearer, slower than the limit or not good enough. */
    private double worth(Step step, ModelId model) {
        Truth truth = step.truths().get(model);
        if (truth == null) {
            return 0;
        }
        double limit = plan.latencyLimit() == null ? Double.MAX_VALUE : plan.latencyLimit().toNanos() / 1e9;
        double floor = plan.bandit().floor() == null ? 0 : plan.bandit().floor();
        boolean fits = truth.success() >= floor && truth.success() > 0 && truth.p95Seconds() <= limit;
        return plan.bandit().accuracy() * truth.success()
                - plan.bandit().cost() * truth.cost() / plan.bandit().costUnit()
                - plan.bandit().latency() * truth.p95Seconds() - (fits ? 0 : 1);
    }
}
