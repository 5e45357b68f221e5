package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Facts;
import dev.pareto.policies.swap.Segments;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.Verdicts;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plan and facts of one candidate for one route at one moment: what the gate decides by, and whoever keeps the swaps moves them by.
 *
 * @param plan the stated one; else the one that opens at once, or that a person alone moves where another model is planned
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
        SwapPlan stated = stated(config, route, candidate);
        Evidence evidence = leading(verdicts.newest(route.name()), candidate, baseline,
                config.catalogue().simulated(baseline), stated, now);
        SwapPlan plan = stated != null
                ? stated
                : unstated(config, route, candidate, margin(policy, evidence));
        return new Replacement(guarded(plan, policy), new Facts(evidence, fingerprints.of(candidate), now));
    }

    /** The configuration's plan to move this route to this candidate; null for none. */
    static @Nullable SwapPlan stated(ParetoConfig config, Route route, ModelId candidate) {
        SwapPlan found = config.swaps().get(route.name());
        return found != null && found.to().equals(candidate) ? found : null;
    }

    /** How a candidate is moved that no plan of the configuration names. */
    static SwapPlan unstated(ParetoConfig config, Route route, ModelId candidate, double margin) {
        SwapPlan entry = config.swaps().get(route.name());
        return entry == null
                ? SwapPlan.unstated(route.name(), candidate, margin)
                : SwapPlan.elsewhere(entry, candidate, margin);
    }

    /** Where a request belongs, by the route's own entry: what it keeps closed it keeps from every open model. */
    static Segments.Place place(ParetoConfig config, Route route, Map<String, String> tags) {
        SwapPlan entry = config.swaps().get(route.name());
        return (entry == null ? Segments.NONE : entry.segments()).place(tags);
    }

    /** With the policy's latency where the plan states none. Matters to whoever moves a swap and not to who may serve now. */
    static SwapPlan guarded(SwapPlan plan, @Nullable Policy policy) {
        Duration limit = policy == null ? null : policy.constraints().totalP95();
        return limit == null ? plan : plan.withGuards(plan.guards().latencyOr(limit));
    }

    /** Why there is no evidence that counts, in words, by all that the evals say of the route. */
    public String silence(ParetoConfig config, Verdicts verdicts, ModelId baseline) {
        return Gate.whyNone(verdicts.newest(plan.route()), plan, plan.to(), baseline,
                config.catalogue().simulated(baseline));
    }

    static boolean isAbout(Evidence evidence, ModelId candidate, ModelId incumbent) {
        return evidence.candidate().equals(candidate) && evidence.incumbent().equals(incumbent);
    }

    /** Of a replacement that nobody has planned: the policy's, else the evidence's. */
    static double margin(@Nullable Policy policy, @Nullable Evidence evidence) {
        double least = Double.POSITIVE_INFINITY;
        if (policy != null) {
            List<AccuracyFloor> floors = policy.constraints().accuracy();
            for (int i = 0; i < floors.size(); i++) {
                if (floors.get(i) instanceof AccuracyFloor.Within within) {
                    least = Math.min(least, within.margin());
                }
            }
        }
        return least <= 1 ? least : evidence == null ? DEFAULT_MARGIN : evidence.margin();
    }

    /**
     * The evidence that counts. Each suite of a plan must find the candidate good enough, so the worst of their newest words is the one.
     *
     * @param verdicts of the route, about anybody
     * @param stated null for none
     */
    static @Nullable Evidence leading(List<Evidence> verdicts, ModelId candidate, ModelId baseline, boolean simulated,
            @Nullable SwapPlan stated, Instant now) {
        if (stated == null || stated.suites().isEmpty()) {
            return newest(verdicts, candidate, baseline, simulated, null, now);
        }
        Evidence worst = null;
        for (String suite : stated.suites()) {
            Evidence newest = newest(verdicts, candidate, baseline, simulated, suite, now);
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

    /**
     * The newest that has not expired, else the newest.
     *
     * @param suite whose word is asked for; null for any
     */
    private static @Nullable Evidence newest(List<Evidence> verdicts, ModelId candidate, ModelId baseline,
            boolean simulated, @Nullable String suite, Instant now) {
        Evidence newest = null;
        for (int i = 0; i < verdicts.size(); i++) {
            Evidence one = verdicts.get(i);
            if (isAbout(one, candidate, baseline) && SwapMachine.counts(one, simulated)
                    && (suite == null || suite.equals(one.suite()))
                    && (newest == null || newer(one, newest, now))) {
                newest = one;
            }
        }
        return newest;
    }
}
