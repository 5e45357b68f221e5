package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.policy.WhenInfeasible;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.yaml.Nearest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Solves cost, latency and accuracy for one request. First the gate and the other hard refusals, then the policy's and the
 * request's constraints, then the objective; ties go to the baseline, then to the route's order. Pure and deterministic: the
 * same request and snapshot give the same decision. Safe for many threads.
 */
public final class PolicyEngine {

    /** Never throws for what a request or the world contains; every refusal is an {@link Outcome}. */
    public Decision decide(RequestFeatures request, Snapshot snapshot) {
        return decide(request, snapshot, null);
    }

    /**
     * The same for a request that an experiment has assigned. The arm's policy holds as if the caller had asked for it; its model
     * comes first where the gate, the refusals and the constraints let it, and changes nothing where they do not.
     *
     * @param arm null for none
     */
    public Decision decide(RequestFeatures request, Snapshot snapshot, @Nullable Arm arm) {
        ParetoConfig config = snapshot.config();
        Route route = config.route(request.requestedModel()).orElse(null);
        if (route == null) {
            return unknownModel(request, config);
        }
        Policy own = route.policy() == null ? null : config.policies().get(route.policy());
        String named = request.overrides().policy() == null && arm != null && arm.policy() != null
                && config.policies().containsKey(arm.policy()) ? arm.policy() : request.overrides().policy();
        Policy asked = named == null ? null : config.policies().get(named);
        if (named != null && asked == null) {
            return unknownPolicy(request, route, named, config);
        }
        Policy policy = own == null || asked == null ? (asked == null ? own : asked) : both(own, asked);
        return decide(request, snapshot, route, policy, arm == null ? null : arm.model());
    }

    private static Decision decide(RequestFeatures request, Snapshot snapshot, Route route, @Nullable Policy policy,
            @Nullable ModelId assigned) {
        Assessor assessor = new Assessor(route, policy, request, snapshot);
        List<Assessment> assessments = Stream.concat(route.candidates().stream(), route.fallbacks().stream())
                .distinct()
                .map(assessor::assess)
                .toList();
        List<Assessment> candidates = assessments.subList(0, route.candidates().size());
        Comparator<Assessment> order = byObjective(policy, route);
        List<Assessment> ranked = new ArrayList<>(candidates.stream()
                .filter(Assessment::feasible)
                .sorted(assigned == null
                        ? order
                        : Comparator.<Assessment>comparingInt(one -> one.model().equals(assigned) ? 0 : 1)
                                .thenComparing(order))
                .toList());
        boolean closest = policy == null || policy.whenInfeasible() == WhenInfeasible.CLOSEST;
        Assessment relaxed = null;
        if (closest) {
            List<Assessment> missing = candidates.stream()
                    .filter(Assessment::admitted)
                    .filter(candidate -> !candidate.feasible() && mayRelax(candidate))
                    .sorted(byExcess(route))
                    .toList();
            relaxed = ranked.isEmpty() && !missing.isEmpty() ? missing.getFirst() : null;
            ranked.addAll(missing);
        }
        assessments.subList(candidates.size(), assessments.size())
                .stream()
                .filter(fallback -> fallback.admitted() && mayRelax(fallback))
                .forEach(ranked::add);
        Outcome outcome = ranked.isEmpty()
                ? infeasible(request, route, candidates)
                : new Outcome.Chosen(ranked.getFirst().model(),
                        ranked.stream().skip(1).map(Assessment::model).toList(),
                        relaxed == null ? null : relaxations(relaxed));
        String reason = !ranked.isEmpty() && ranked.getFirst().feasible()
                && ranked.getFirst().model().equals(assigned)
                        ? assigned + ": assigned by an experiment"
                        : Reasons.of(outcome, route, policy, assessments, order, snapshot.config().catalogue());
        return new Decision(request.requestId(), route.name(), policy == null ? null : policy.name(), outcome,
                placed(assessments, ranked), Words.line(reason), route.baseline());
    }

    /** Both policies hold: the objective of the one that was asked for, every constraint of either. */
    private static Policy both(Policy own, Policy asked) {
        if (own.name().equals(asked.name())) {
            return own;
        }
        boolean reject = own.whenInfeasible() == WhenInfeasible.REJECT
                || asked.whenInfeasible() == WhenInfeasible.REJECT;
        return new Policy(asked.name(), asked.objective(), own.constraints().and(asked.constraints()),
                reject ? WhenInfeasible.REJECT : WhenInfeasible.CLOSEST);
    }

    private static Comparator<Assessment> byObjective(@Nullable Policy policy, Route route) {
        Comparator<Assessment> order = Comparator
                .comparingInt(candidate -> route.candidates().indexOf(candidate.model()));
        if (policy == null) {
            // nothing but the swap chooses here: whom its share serves takes the closed model's place in the order
            int place = route.baseline() == null ? 0 : route.candidates().indexOf(route.baseline());
            return Comparator.<Assessment>comparingInt(one -> takesOver(one)
                    ? Math.min(place, route.candidates().indexOf(one.model()))
                    : route.candidates().indexOf(one.model()))
                    .thenComparing(one -> !takesOver(one))
                    .thenComparing(order);
        }
        Comparator<Assessment> objective = switch (policy.objective()) {
            case MINIMISE_COST -> PolicyEngine::compareCosts;
            case MINIMISE_LATENCY -> Comparator.comparingLong(PolicyEngine::latencyKey);
            case MAXIMISE_ACCURACY -> Comparator.comparingDouble(PolicyEngine::accuracyKey).reversed();
        };
        return objective.thenComparing(candidate -> !candidate.baseline()).thenComparing(order);
    }

    static boolean takesOver(Assessment one) {
        return one.stake() != null && one.stake().takesOver();
    }

    /** A stated price always beats an unknown one. Currencies are not converted: one book has one currency. */
    private static int compareCosts(Assessment one, Assessment other) {
        Money mine = one.predictedCost();
        Money theirs = other.predictedCost();
        if (mine == null || theirs == null) {
            return Boolean.compare(mine == null, theirs == null);
        }
        return mine.amount().compareTo(theirs.amount());
    }

    /** A model that was seen too seldom counts as fastest, so that it is seen. */
    private static long latencyKey(Assessment candidate) {
        return candidate.totalP95() == null || candidate.latencyObservations() < Assessor.ENOUGH_OBSERVATIONS
                ? 0
                : candidate.totalP95().toNanos();
    }

    private static double accuracyKey(Assessment candidate) {
        return candidate.baseline()
                ? 0
                : candidate.evidence() == null ? Double.NEGATIVE_INFINITY : candidate.evidence().difference();
    }

    private static Comparator<Assessment> byExcess(Route route) {
        return Comparator.comparingDouble(PolicyEngine::excess)
                .thenComparing(candidate -> !candidate.baseline())
                .thenComparingInt(candidate -> route.candidates().indexOf(candidate.model()));
    }

    private static double excess(Assessment candidate) {
        return candidate.violations().stream().mapToDouble(Violation::excess).max().orElse(0);
    }

    private static boolean mayRelax(Assessment candidate) {
        return candidate.violations().stream().noneMatch(Violation::asked);
    }

    private static Outcome infeasible(RequestFeatures request, Route route, List<Assessment> candidates) {
        ModelId forced = request.overrides().model();
        if (forced != null && !route.candidates().contains(forced)) {
            return new Outcome.Infeasible("Pareto-Model " + forced + " is not a candidate of " + route.name(),
                    "candidates: " + String.join(", ", route.candidates().stream().map(ModelId::toString).toList()));
        }
        Assessment nearest = candidates.stream().filter(Assessment::admitted).min(byExcess(route)).orElse(null);
        if (nearest != null) {
            Violation binding = nearest.violations()
                    .stream()
                    .max(Comparator.comparingDouble(Violation::excess))
                    .orElseThrow();
            return new Outcome.Infeasible(binding.constraint() + " " + binding.limit(),
                    relaxations(nearest) + " admits " + nearest.model());
        }
        Assessment refused = candidates.stream()
                .filter(candidate -> forced == null || candidate.model().equals(forced))
                .min(Comparator.comparingInt(candidate -> candidate.refusals().size()))
                .orElse(candidates.getFirst());
        return new Outcome.Infeasible(refused.refusals().getFirst(), refused.refusals().size() == 1
                ? remedy(refused, route)
                : "nearest is " + refused.model() + ", but also: "
                        + String.join("; ", refused.refusals().subList(1, refused.refusals().size())));
    }

    /** What would admit it. */
    private static String remedy(Assessment refused, Route route) {
        Stake stake = refused.stake();
        if (stake == null || (refused.share() > 0 && stake.assigned())) {
            return "without it " + refused.model() + " could serve";
        }
        return refused.evidence() == null
                ? "./pareto eval compare --candidate " + refused.model() + " --baseline " + route.baseline()
                        + " finds out whether it may"
                : "./pareto swap show " + route.name() + " says what it waits for";
    }

    private static String relaxations(Assessment candidate) {
        return String.join(" and ", candidate.violations().stream().map(Violation::relaxation).toList());
    }

    private static List<Assessment> placed(List<Assessment> assessments, List<Assessment> ranked) {
        Map<ModelId, Integer> places = new HashMap<>();
        ranked.forEach(candidate -> places.putIfAbsent(candidate.model(), places.size() + 1));
        return assessments.stream()
                .map(candidate -> candidate.placed(places.getOrDefault(candidate.model(), 0),
                        Reasons.note(candidate, places.getOrDefault(candidate.model(), 0))))
                .toList();
    }

    private static Decision unknownModel(RequestFeatures request, ParetoConfig config) {
        List<String> known = Stream.concat(config.routes().keySet().stream(),
                config.catalogue().models().stream().map(Model::id).map(ModelId::toString)).toList();
        String suggestion = suggestion(request.requestedModel(), known);
        return new Decision(request.requestId(), request.requestedModel(), null,
                new Outcome.UnknownModel(request.requestedModel(), suggestion), List.of(),
                Words.line("no route or model '" + request.requestedModel() + "'" + meant(suggestion)), null);
    }

    private static Decision unknownPolicy(RequestFeatures request, Route route, String named, ParetoConfig config) {
        String suggestion = suggestion(named, List.copyOf(config.policies().keySet()));
        return new Decision(request.requestId(), route.name(), null, new Outcome.UnknownPolicy(named, suggestion),
                List.of(), Words.line("no policy '" + named + "'" + meant(suggestion)), route.baseline());
    }

    private static String suggestion(String name, List<String> known) {
        Optional<String> nearest = name.length() > 200 ? Optional.empty() : Nearest.to(name, known);
        return nearest.orElse("");
    }

    private static String meant(String suggestion) {
        return suggestion.isEmpty() ? "" : "; did you mean '" + suggestion + "'?";
    }

    static String superlative(Objective objective) {
        return switch (objective) {
            case MINIMISE_COST -> "cheapest";
            case MINIMISE_LATENCY -> "fastest";
            case MAXIMISE_ACCURACY -> "most accurate";
        };
    }
}
