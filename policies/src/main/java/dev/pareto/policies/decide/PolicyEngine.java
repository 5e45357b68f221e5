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
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Solves cost, latency and accuracy for one request. First the gate and the other hard refusals, then the constraints of policy, request
 * and floors, then the objective; who served last stays unless another is better by more than the policy's hysteresis. Pure and
 * deterministic: the same request and snapshot give the same decision. Safe for many threads, which share a pool of workspaces: where
 * every model is listed, priced and its swap on file, only the decision is allocated.
 */
public final class PolicyEngine {

    private static final int POOL = 64;

    private final AtomicReferenceArray<@Nullable Workspace> pool = new AtomicReferenceArray<>(POOL);

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
        Route declared = config.routes().get(request.requestedModel());
        Route route = declared != null ? declared : config.route(request.requestedModel()).orElse(null);
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
        int slot = (int) Thread.currentThread().threadId() & (POOL - 1);
        Workspace pooled = pool.getAndSet(slot, null);
        Workspace workspace = pooled != null ? pooled : new Workspace();
        try {
            Policy policy = workspace.rules.apply(request, route, demanded, config);
            workspace.matter.begin(route, policy, workspace.rules, request, snapshot);
            return decide(workspace, arm == null ? null : arm.model());
        } finally {
            workspace.clear();
            pool.set(slot, workspace);
        }
    }

    private static Decision decide(Workspace workspace, @Nullable ModelId assigned) {
        Matter matter = workspace.matter;
        Route route = matter.route;
        RequestFeatures request = matter.request;
        Policy policy = matter.policy;
        List<Weighing> all = workspace.all;
        List<Weighing> ranked = workspace.ranked;
        Ranking ranking = workspace.ranking;
        weigh(route.candidates(), true, workspace);
        int candidates = all.size();
        weigh(route.fallbacks(), false, workspace);
        ModelId last = policy == null ? null : matter.snapshot.lastServed().of(route.name(), request.unit());
        ranking.begin(policy, all, workspace.assessor.bounds(), last);
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
            addClosest(all, candidates, ranked);
            relaxed = feasible == 0 && !ranked.isEmpty() ? ranked.getFirst() : null;
        }
        for (int i = candidates; i < all.size(); i++) {
            if (all.get(i).admitted() && all.get(i).mayRelax()) {
                ranked.add(all.get(i));
            }
        }
        Outcome outcome = ranked.isEmpty()
                ? Infeasibility.of(request, route, all.subList(0, candidates))
                : chosen(workspace, relaxed);
        Reason reason = steered
                ? new Reason.Said(assigned + ": assigned by an experiment")
                : why(workspace, relaxed, better);
        return new Decision(request.requestId(), route.name(), policy == null ? null : policy.name(), outcome,
                workspace.assessments(), reason, route.baseline(), workspace.rules.traces(),
                policy == null ? null : policy.constraints(), null);
    }

    private static Reason why(Workspace workspace, @Nullable Weighing relaxed, @Nullable Weighing better) {
        Route route = workspace.matter.route;
        Policy policy = workspace.matter.policy;
        if (workspace.ranked.isEmpty()) {
            return new Reason.Weighed(Reason.Point.INFEASIBLE, route, policy, -1, -1, 0, false);
        }
        Weighing winner = workspace.ranked.getFirst();
        Weighing rival = relaxed == null && better == null ? rival(workspace, winner) : better;
        Reason.Point point = relaxed != null
                ? Reason.Point.CLOSEST
                : better != null
                        ? Reason.Point.STAYED
                        : rival != null
                                ? Reason.Point.LEFT_OUT
                                : !route.declared()
                                        ? Reason.Point.NAMED
                                        : policy == null ? Reason.Point.FIRST : Reason.Point.BEST;
        return new Reason.Weighed(point, route, policy, winner.order, rival == null ? -1 : rival.order,
                better == null ? 0 : Ranking.gain(winner, better), !winner.listed);
    }

    /** The best of those who might have been chosen, had they been able to serve; null for none. */
    private static @Nullable Weighing rival(Workspace workspace, Weighing winner) {
        List<Weighing> all = workspace.all;
        Weighing rival = null;
        for (int i = 0; i < all.size(); i++) {
            Weighing other = all.get(i);
            if (other != winner && !other.feasible()
                    && (!winner.candidate || workspace.ranking.compare(other, winner) < 0
                            || (other.open && !winner.open))
                    && (rival == null || workspace.ranking.compare(other, rival) < 0)) {
                rival = other;
            }
        }
        return rival;
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

    private static void weigh(List<ModelId> models, boolean candidates, Workspace workspace) {
        for (int i = 0; i < models.size(); i++) {
            if (candidates || find(workspace.all, models.get(i)) == null) {
                workspace.assessor.assess(workspace.weighing(models.get(i), candidates));
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
    private static void addClosest(List<Weighing> all, int candidates, List<Weighing> ranked) {
        int from = ranked.size();
        for (int i = 0; i < candidates; i++) {
            Weighing one = all.get(i);
            if (one.admitted() && !one.feasible() && one.mayRelax()) {
                int to = ranked.size();
                while (to > from && Infeasibility.compareExcess(one, ranked.get(to - 1)) < 0) {
                    to--;
                }
                ranked.add(to, one);
            }
        }
    }

    private static Outcome.Chosen chosen(Workspace workspace, @Nullable Weighing relaxed) {
        List<Weighing> ranked = workspace.ranked;
        for (int i = 0; i < ranked.size(); i++) {
            ranked.get(i).place = i + 1;
        }
        return new Outcome.Chosen(ranked.getFirst().model, workspace.fallbacks(),
                relaxed == null ? null : relaxed.relaxations());
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
