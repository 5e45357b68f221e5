package dev.pareto.evals.experiment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.Audience;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Guard;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.MissingUnit;
import dev.pareto.policies.experiment.StopRule;
import dev.pareto.policies.experiment.Tolerance;
import dev.pareto.policies.experiment.Unit;
import dev.pareto.policies.experiment.Who;

/** Simulated users of an experiment: each has a rate of success of his own, and asks one to five times. */
final class Trial {

    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private final ExperimentPlan plan;
    private final SplittableRandom random;
    private final double lift;
    private final double brokenShare;
    private final List<Seen> seen = new ArrayList<>();
    private long users;
    private long requests;

    /**
     * @param lift added to the rate of success in every arm but the control
     * @param brokenShare added to the rate of errors in every arm but the control
     */
    Trial(ExperimentPlan plan, long seed, double lift, double brokenShare) {
        this.plan = plan;
        this.random = new SplittableRandom(seed);
        this.lift = lift;
        this.brokenShare = brokenShare;
    }

    static ExperimentPlan plan(int arms, int most, Tolerance effect, List<Guard> guards, Duration before) {
        List<Arm> all = new ArrayList<>();
        for (int i = 0; i < arms; i++) {
            all.add(new Arm("arm-" + i, null, null, null, 1.0 / arms));
        }
        return new ExperimentPlan("trial", "a test", "r", Audience.ALL, 1, all, Unit.USER, MissingUnit.LEAVE_OUT, null,
                Metric.named("success"), effect, guards, List.of(Metric.named("latency"), Metric.named("latency-p95")),
                Duration.ofMinutes(5), new StopRule(Duration.ofDays(14), most, 100, 0.05, 0.01, true), before);
    }

    /** So many more users ask, and are assigned as live ones are. */
    Trial users(int more) {
        for (int i = 0; i < more; i++) {
            user(random.nextDouble(), "user-" + random.nextLong());
        }
        return this;
    }

    private void user(double habit, String name) {
        users++;
        var assigned = plan.assign(new Who(name, null, "t", "q"), Map.of(), 1);
        if (assigned == null) {
            throw new IllegalStateException("everybody takes part");
        }
        boolean control = assigned.arm().equals(plan.control());
        double rate = 0.35 + 0.4 * habit;
        if (!plan.before().isZero()) {
            for (int ask = 0; ask < 8; ask++) {
                request(assigned, true, rate, 0.02);
            }
        }
        int asks = 1 + random.nextInt(5);
        for (int ask = 0; ask < asks; ask++) {
            request(assigned, false, rate + (control ? 0 : lift), 0.02 + (control ? 0 : brokenShare));
        }
    }

    private void request(ExperimentPlan.Assigned assigned, boolean before, double success, double broken) {
        Instant at = START.plusSeconds(before ? -1_000_000 + requests : requests);
        requests++;
        Map<String, Double> values = new HashMap<>();
        values.put("success", random.nextDouble() < success ? 1.0 : 0.0);
        values.put("errors", random.nextDouble() < broken ? 1.0 : 0.0);
        values.put("latency", 400 * Math.exp(0.7 * random.nextGaussian()));
        seen.add(new Seen(assigned.arm().name(), before, assigned.unit(), requests, at, at.plusMillis(800), true,
                values));
    }

    Findings look() {
        return new Analysis(plan).of(seen);
    }

    Ruling ruling() {
        return Ruling.of(plan, look(), START, START.plusSeconds(3600));
    }

    List<Seen> seen() {
        return seen;
    }

    long users() {
        return users;
    }
}
