package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Facts;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.Verdicts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plan and facts of one candidate for one route at one moment: what the gate decides by, and whoever keeps the swaps moves them by.
 *
 * @param plan the stated one, else the one that opens at once
 * @param facts the evidence that counts, expired or not
 */
public record Replacement(SwapPlan plan, Facts facts) {

    private static final double DEFAULT_MARGIN = 0.02;

    public Replacement {
        requireNonNull(plan, "plan is null");
        requireNonNull(facts, "facts is null");
    }

    /**
     * @param policy in force; null for none
     * @param baseline the closed model that would be replaced
     */
    public static Replacement of(ParetoConfig config, Verdicts verdicts, Fingerprints fingerprints, Route route,
            ModelId candidate, ModelId baseline, @Nullable Policy policy, Instant now) {
        return unguarded(config, verdicts, fingerprints, route, candidate, baseline, policy, now).guarded(policy);
    }

    /** The same without the policy's part in the guards, which matter to whoever moves a swap and not to who may serve now. */
    static Replacement unguarded(ParetoConfig config, Verdicts verdicts, Fingerprints fingerprints, Route route,
            ModelId candidate, ModelId baseline, @Nullable Policy policy, Instant now) {
        SwapPlan found = config.swaps().get(route.name());
        SwapPlan stated = found != null && found.to().equals(candidate) ? found : null;
        List<String> suites = stated == null ? List.of() : stated.suites();
        boolean simulated = config.catalogue().simulated(baseline);
        List<Evidence> usable = new ArrayList<>();
        for (Evidence one : verdicts.newest(route.name())) {
            if (isAbout(one, candidate, baseline) && SwapMachine.counts(one, simulated)) {
                usable.add(one);
            }
        }
        Evidence evidence = leading(usable, suites, now);
        SwapPlan plan = stated != null
                ? stated
                : SwapPlan.unstated(route.name(), candidate, margin(policy, evidence));
        return new Replacement(plan, new Facts(evidence, fingerprints.of(candidate), now));
    }

    /** With the policy's latency where the plan states none. */
    Replacement guarded(@Nullable Policy policy) {
        Duration limit = policy == null ? null : policy.constraints().totalP95();
        return limit == null ? this : new Replacement(plan.withGuards(plan.guards().latencyOr(limit)), facts);
    }

    /** Why there is no evidence that counts, in words, by all that the evals say of the route. */
    public String silence(ParetoConfig config, Verdicts verdicts, ModelId baseline) {
        return Gate.whyNone(verdicts.newest(plan.route()), plan, plan.to(), baseline,
                config.catalogue().simulated(baseline));
    }

    static boolean isAbout(Evidence evidence, ModelId candidate, ModelId incumbent) {
        return evidence.candidate().equals(candidate) && evidence.incumbent().equals(incumbent);
    }

    private static double margin(@Nullable Policy policy, @Nullable Evidence evidence) {
        double least = Double.POSITIVE_INFINITY;
        if (policy != null) {
            for (AccuracyFloor floor : policy.constraints().accuracy()) {
                if (floor instanceof AccuracyFloor.Within within) {
                    least = Math.min(least, within.margin());
                }
            }
        }
        return least <= 1 ? least : evidence == null ? DEFAULT_MARGIN : evidence.margin();
    }

    /** Each suite must find the candidate good enough, so the worst of their newest words is the one that counts. */
    private static @Nullable Evidence leading(List<Evidence> usable, List<String> suites, Instant now) {
        if (suites.isEmpty()) {
            return newest(usable, now);
        }
        Evidence worst = null;
        for (String suite : suites) {
            Evidence newest = newest(
                    usable.stream().filter(evidence -> suite.equals(evidence.suite())).toList(), now);
            if (newest == null) {
                return null;
            }
            worst = worst == null || worse(now).compare(newest, worst) < 0 ? newest : worst;
        }
        return worst;
    }

    private static boolean newer(Evidence one, Evidence other, Instant now) {
        boolean good = !one.expiredAt(now);
        if (good == other.expiredAt(now)) {
            return good;
        }
        int age = one.createdAt().compareTo(other.createdAt());
        return age > 0 || (age == 0 && one.verdictId().compareTo(other.verdictId()) >= 0);
    }

    private static Comparator<Evidence> worse(Instant now) {
        return Comparator.comparing((Evidence evidence) -> evidence.outcome().goodEnough())
                .thenComparing(evidence -> !evidence.expiredAt(now))
                .thenComparingDouble(Evidence::lower);
    }

    /** The newest that has not expired, else the newest. */
    private static @Nullable Evidence newest(List<Evidence> evidence, Instant now) {
        Evidence newest = null;
        for (Evidence one : evidence) {
            if (newest == null || newer(one, newest, now)) {
                newest = one;
            }
        }
        return newest;
    }
}
