package dev.pareto.proxy.swap;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.detect.PairDetector;
import dev.pareto.policies.detect.RateDetector;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Hold;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.guard.DriftPlan;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.GuardRules;
import dev.pareto.policies.swap.guard.JudgePlan;
import dev.pareto.policies.swap.guard.Monitor;
import dev.pareto.policies.swap.guard.Reference;
import dev.pareto.policies.swap.guard.Tally;

import org.jspecify.annotations.Nullable;

/**
 * One swap as the admin port shows it. Shares and margins are fractions, statistics natural logarithms.
 *
 * @param share what the candidate may serve now, holds and evidence included
 * @param ramp the planned shares
 * @param dwellSeconds how long shadow and each share last at least
 * @param requestsNeeded answers of the candidate that each of them needs
 * @param closedSegments what never moves
 * @param logSampleRatio Bayes factor against the assigned shares
 */
public record SwapView(String route, String candidate, String segment, String state, double share, int step,
        Instant since, @Nullable String verdictId, String reason, int strikes, @Nullable Instant notBefore,
        @Nullable Hold hold, List<Double> ramp, double holdback, double shadow, String approval, long dwellSeconds,
        int requestsNeeded, double margin, double exitMargin, List<String> closedSegments, Tally candidateSeen,
        Tally incumbentSeen, List<GuardView> guards, @Nullable PairsView pairs, double logSampleRatio,
        double logSampleRatioAlarm, @Nullable InputsView inputs, @Nullable JudgeView judge) {

    /**
     * One guard.
     *
     * @param atMost the share of bad requests that is still good
     * @param logStatistic null before the first observation
     * @param incumbentSeen ratings of the incumbent's own live answers; 0 for guards that need none
     * @param incumbentBad what those lacked
     */
    public record GuardView(String guard, double atMost, @Nullable Duration limit, long seen, double bad,
            @Nullable Double logStatistic, double logThreshold, long incumbentSeen, double incumbentBad) {}

    /**
     * Whether requests are still those of the evidence.
     *
     * @param seen requests of the present window
     * @param least requests before anything is said
     * @param known whether the evidence tells what its requests were like
     * @param distances by feature, the population stability index; empty while fewer than {@code least} were seen
     */
    public record InputsView(long seen, int least, double bound, boolean known, Map<String, Double> distances) {

        public InputsView {
            distances = Map.copyOf(distances);
        }
    }

    /**
     * Who judges live answers.
     *
     * @param problems why it is not asked; empty when it is
     * @param silence why it had no word when it was last asked; null when it had one
     */
    public record JudgeView(String model, String kind, double sample, @Nullable String perDay, List<String> problems,
            @Nullable String silence) {

        public JudgeView {
            problems = List.copyOf(problems);
        }
    }

    /** Graded pairs: the observed difference, the evidence for it and the evidence against it. */
    public record PairsView(long pairs, double difference, double logNonInferior, @Nullable Double logDrift,
            double logThreshold) {}

    private static final SwapMachine MACHINE = new SwapMachine();

    /**
     * @param replacement by which it goes now
     * @param judge who knows how judging goes
     */
    public static SwapView of(Swap swap, Replacement replacement, LiveJudge judge) {
        return of(swap, replacement, judge, null);
    }

    /** @param silence why there is no evidence; null where the swap's own reason says it all */
    public static SwapView of(Swap swap, Replacement replacement, LiveJudge judge, @Nullable String silence) {
        SwapPlan plan = replacement.plan();
        Instant now = replacement.facts().now();
        GuardRules rules = SwapMachine.rules(plan, replacement.facts(), swap.monitor());
        PairDetector pairs = swap.monitor().pairs();
        Hold hold = swap.hold() != null && swap.hold().activeAt(now) ? swap.hold() : null;
        return new SwapView(swap.route(), swap.candidate().toString(), swap.key().segment(), swap.state().name(),
                MACHINE.permit(swap, plan, replacement.facts()).share(), swap.step(), swap.since(), swap.verdictId(),
                silence == null ? swap.reason() : silence, swap.strikes(), swap.notBefore(), hold, plan.ramp(),
                plan.holdback(),
                plan.shadow().sample(), plan.approval().name(), plan.dwell().toSeconds(), plan.requests(),
                plan.margin(), plan.exitMargin(), plan.segments().closed().stream().sorted().toList(),
                swap.monitor().candidate(), swap.monitor().incumbent(), guards(swap, rules),
                pairs.pairs() == 0
                        ? null
                        : new PairsView(pairs.pairs(), pairs.mean(), pairs.logNonInferior(),
                                finite(pairs.logStatistic()), rules.threshold()),
                swap.monitor().sampleRatio(swap.shareAt(now)), Monitor.RATIO_ALARM, inputs(swap, replacement),
                judge(plan.judge(), swap.key(), judge));
    }

    private static @Nullable InputsView inputs(Swap swap, Replacement replacement) {
        DriftPlan drift = replacement.plan().drift();
        Evidence evidence = replacement.facts().evidence();
        return drift == null
                ? null
                : new InputsView(Math.round(swap.monitor().inputs().n()), drift.least(), drift.bound(),
                        evidence != null && !evidence.inputs().isEmpty(),
                        SwapMachine.distances(swap, replacement.plan(), replacement.facts()));
    }

    private static @Nullable JudgeView judge(@Nullable JudgePlan plan, SwapKey key, LiveJudge judge) {
        return plan == null
                ? null
                : new JudgeView(plan.model().toString(), plan.kind().name().toLowerCase(Locale.ROOT), plan.sample(),
                        plan.perDay() == null ? null : plan.perDay().toString(), judge.problems(key),
                        judge.silence(key));
    }

    private static List<GuardView> guards(Swap swap, GuardRules rules) {
        List<GuardView> views = new ArrayList<>();
        for (Guard guard : Guard.values()) {
            Double atMost = rules.rate(guard);
            if (atMost != null) {
                RateDetector detector = swap.monitor().detectors().get(guard);
                Reference reference = swap.monitor().references().getOrDefault(guard, Reference.NONE);
                views.add(new GuardView(guard.id(), atMost, guard == Guard.LATENCY ? rules.latencyLimit() : null,
                        detector == null ? 0 : detector.seen(), swap.monitor().bad().getOrDefault(guard, 0.0),
                        detector == null ? null : finite(detector.logStatistic()), rules.threshold(), reference.n(),
                        reference.lacking()));
            }
        }
        return views;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? (Double) value : null;
    }
}
