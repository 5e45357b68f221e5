package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.policy.WhenInfeasible;
import dev.pareto.policies.yaml.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Solves cost, latency and accuracy for one request. First the gate and the other hard refusals, then the constraints of policy, request
 * and floors, then the objective; who served last stays unless another is better by more than the policy's hysteresis. Pure and
 * deterministic: the same request and snapshot give the same decision. Safe for many threads.
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
        Overrides asked = request.overrides();
        String named = asked.policy() == null && asked.sent() == null && arm != null && arm.policy() != null
                && config.policies().containsKey(arm.policy()) ? arm.policy() : asked.policy();
        Policy demanded = named == null ? asked.sent() : config.policies().get(named);
        if (named != null && demanded == null) {
            return unknownPolicy(request, route, named, config);
        }
        Rules rules = new Rules(request, route);
        var applied = applied(rules, route, demanded, config);
        return decide(request, snapshot, route, applied, rules, arm == null ? null : arm.model());
    }

    /**
     * What is to be solved on a route once its rules are asked.
     *
     * @param demanded the policy that the request or its arm asks for; null for none
     */
    static Rules.Applied applied(Rules rules, Route route, @Nullable Policy demanded, ParetoConfig config) {
        Route.Rule rule = rules.first(route);
        String onlyRule = rule == null || rule.only().isEmpty() ? "" : rules.lastName();
        String ownName = rule != null && rule.policy() != null ? rule.policy() : route.policy();
        Policy own = ownName == null ? null : config.policies().get(ownName);
        Policy policy = own != null && demanded != null && own.name().equals(demanded.name())
                ? rules.tightened(own)
                : Rules.both(rules.tightened(own), rules.tightened(demanded));
        return new Rules.Applied(policy, rule == null ? List.of() : rule.only(), onlyRule);
    }

    private static Decision decide(RequestFeatures request, Snapshot snapshot, Route route, Rules.Applied applied,
            Rules rules, @Nullable ModelId assigned) {
        Assessor assessor = new Assessor(route, applied, floors(request, snapshot.config(), route), request, snapshot);
        List<Weighing> all = new ArrayList<>(route.candidates().size() + route.fallbacks().size());
        weigh(route.candidates(), true, all, assessor);
        int candidates = all.size();
        weigh(route.fallbacks(), false, all, assessor);
        Policy policy = applied.policy();
        ModelId last = policy == null ? null : snapshot.lastServed().of(route.name(), request.unit());
        Ranking ranking = Ranking.of(policy, all, assessor.bounds(), last);
        List<Weighing> ranked = new ArrayList<>(all.size());
        for (int i = 0; i < candidates; i++) {
            if (all.get(i).feasible()) {
                ranked.add(all.get(i));
            }
        }
        ranking.sort(ranked);
        boolean steered = assigned != null && toFront(ranked, assigned);
        if (policy == null && !steered) {
            takeOver(ranked);
        }
        Weighing better = steered ? null : stay(ranked, policy, last);
        Weighing relaxed = null;
        if (policy == null || policy.whenInfeasible() == WhenInfeasible.CLOSEST) {
            int feasible = ranked.size();
            addClosest(all.subList(0, candidates), ranked);
            relaxed = feasible == 0 && !ranked.isEmpty() ? ranked.getFirst() : null;
        }
        for (int i = candidates; i < all.size(); i++) {
            if (all.get(i).admitted() && all.get(i).mayRelax()) {
                ranked.add(all.get(i));
            }
        }
        Outcome outcome = ranked.isEmpty()
                ? Infeasibility.of(request, route, all.subList(0, candidates))
                : chosen(ranked, relaxed);
        String reason = steered
                ? assigned + ": assigned by an experiment"
                : Reasons.of(outcome, route, policy, all, ranking, better, snapshot.config().catalogue());
        return new Decision(request.requestId(), route.name(), policy == null ? null : policy.name(), outcome,
                assessments(all), Words.line(reason), route.baseline(), rules.traces());
    }

    /** Where nothing but a swap chooses, whom its share serves takes the closed model's place in the order. */
    private static void takeOver(List<Weighing> ranked) {
        int closed = -1;
        for (int i = 0; i < ranked.size(); i++) {
            Weighing one = ranked.get(i);
            if (closed < 0 && one.baseline) {
                closed = i;
            } else if (closed >= 0 && one.stake != null && one.stake.takesOver()) {
                ranked.remove(i);
                ranked.add(closed, one);
                return;
            }
        }
    }

    static List<Floor> floors(RequestFeatures request, ParetoConfig config, Route route) {
        if (config.floors().isEmpty()) {
            return List.of();
        }
        List<String> classes = request.dataClasses();
        List<Floor> floors = new ArrayList<>(2);
        for (Floor floor : config.floors()) {
            if (floor.holds(classes, request.tenant(), route.name())) {
                floors.add(floor);
            }
        }
        return floors;
    }

    private static void weigh(List<ModelId> models, boolean candidates, List<Weighing> all, Assessor assessor) {
        for (int i = 0; i < models.size(); i++) {
            if (candidates || find(all, models.get(i)) == null) {
                Weighing weighing = new Weighing(models.get(i), all.size(), candidates);
                assessor.assess(weighing);
                all.add(weighing);
            }
        }
    }

    private static boolean toFront(List<Weighing> ranked, ModelId model) {
        Weighing found = find(ranked, model);
        if (found != null) {
            ranked.remove(found);
            ranked.addFirst(found);
        }
        return found != null;
    }

    /**
     * Puts who served last first unless another is better by more than the hysteresis.
     *
     * @return who would have been first; null where nothing was changed
     */
    private static @Nullable Weighing stay(List<Weighing> ranked, @Nullable Policy policy, @Nullable ModelId last) {
        if (policy == null || last == null || ranked.size() < 2 || ranked.getFirst().model.equals(last)) {
            return null;
        }
        Weighing incumbent = find(ranked, last);
        Weighing best = ranked.getFirst();
        if (incumbent == null || Ranking.gain(incumbent, best) > policy.hysteresis()) {
            return null;
        }
        toFront(ranked, last);
        return best;
    }

    /** Those that miss something that may be let go, the nearest first. */
    private static void addClosest(List<Weighing> candidates, List<Weighing> ranked) {
        int from = ranked.size();
        for (Weighing one : candidates) {
            if (one.admitted() && !one.feasible() && one.mayRelax()) {
                int to = ranked.size();
                while (to > from && Infeasibility.compareExcess(one, ranked.get(to - 1)) < 0) {
                    to--;
                }
                ranked.add(to, one);
            }
        }
    }

    private static Outcome.Chosen chosen(List<Weighing> ranked, @Nullable Weighing relaxed) {
        List<ModelId> fallbacks = new ArrayList<>(ranked.size() - 1);
        for (int i = 0; i < ranked.size(); i++) {
            ranked.get(i).place = i + 1;
            if (i > 0) {
                fallbacks.add(ranked.get(i).model);
            }
        }
        return new Outcome.Chosen(ranked.getFirst().model, fallbacks, relaxed == null ? null : relaxed.relaxations());
    }

    private static List<Assessment> assessments(List<Weighing> all) {
        Assessment[] assessments = new Assessment[all.size()];
        for (int i = 0; i < assessments.length; i++) {
            assessments[i] = all.get(i).assessment();
        }
        return List.of(assessments);
    }

    static @Nullable Weighing find(List<Weighing> all, ModelId model) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).model.equals(model)) {
                return all.get(i);
            }
        }
        return null;
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
}
