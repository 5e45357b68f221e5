package dev.pareto.proxy.experiment;

import java.time.Instant;
import java.util.List;

import dev.pareto.evals.experiment.Findings;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.Audience;
import dev.pareto.policies.experiment.Experiment;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Guard;
import org.jspecify.annotations.Nullable;

/**
 * One experiment as the admin port shows it. Shares are fractions, times milliseconds unless the name says otherwise.
 *
 * @param run how often it was started
 * @param segment the part of the route's traffic that it is about, in words; null for all
 * @param effect the least difference in the primary metric that matters
 * @param effectRelative whether it is a fraction of the control's value
 * @param changed whether the configuration states it differently than it runs
 * @param problems what somebody must mend before the findings mean anything, in sentences; mostly empty
 * @param look the newest; null before the first
 */
public record ExperimentView(String name, String hypothesis, String route, @Nullable String segment, double traffic,
        String state, int run, Instant since, @Nullable Instant startedAt, String by, String reason,
        @Nullable String winner, List<ArmView> arms, String unit, String unitMissing, String primary,
        boolean higherIsBetter, double effect, boolean effectRelative, List<GuardView> guards, long horizonSeconds,
        int most, int least, double alpha, double guardAlpha, boolean early, long beforeSeconds, boolean changed,
        List<String> problems, @Nullable LookView look) {

    /**
     * One arm; the first is the control.
     *
     * @param system the system prompt that it puts in; null for none
     */
    public record ArmView(String name, @Nullable String model, @Nullable String policy, @Nullable String system,
            double weight) {}

    /** One guard. */
    public record GuardView(String metric, double tolerance, boolean relative) {}

    /** What was found, and when. */
    public record LookView(Instant at, Findings findings) {}

    static @Nullable LookView look(ExperimentBook.@Nullable Look look) {
        return look == null ? null : new LookView(look.at(), look.findings());
    }

    /** @param problems that the caller knows of */
    public static ExperimentView of(ExperimentPlan plan, Experiment experiment, ExperimentBook.@Nullable Look look,
            List<String> problems) {
        return new ExperimentView(plan.name(), plan.hypothesis(), plan.route(), words(plan.audience()), plan.traffic(),
                experiment.state().name(), experiment.run(), experiment.since(), experiment.startedAt(),
                experiment.by(), experiment.reason(), experiment.winner(),
                plan.arms().stream().map(ExperimentView::arm).toList(), plan.unit().name(), plan.missing().name(),
                plan.primary().name(), plan.primary().higherIsBetter(), plan.effect().amount(),
                plan.effect().relative(), plan.guards().stream().map(ExperimentView::guard).toList(),
                plan.stop().horizon().toSeconds(), plan.stop().most(), plan.stop().least(), plan.stop().alpha(),
                plan.stop().guardAlpha(), plan.stop().early(), plan.before().toSeconds(),
                experiment.fingerprint() != null && !experiment.fingerprint().equals(plan.fingerprint()),
                List.copyOf(problems), look(look));
    }

    private static ArmView arm(Arm arm) {
        return new ArmView(arm.name(), arm.model() == null ? null : arm.model().toString(), arm.policy(),
                arm.system(), arm.weight());
    }

    private static GuardView guard(Guard guard) {
        return new GuardView(guard.metric().name(), guard.tolerance().amount(), guard.tolerance().relative());
    }

    private static @Nullable String words(Audience audience) {
        return audience.tag() == null
                ? null
                : audience.tag() + (audience.only().isEmpty()
                        ? " not " + String.join(", ", audience.except())
                        : " " + String.join(", ", audience.only()));
    }
}
