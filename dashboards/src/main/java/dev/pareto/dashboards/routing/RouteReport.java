package dev.pareto.dashboards.routing;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.report.DecisionExport;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One route's sampled decisions, added up by candidate. */
final class RouteReport {

    private static final int NEWEST = 100;
    private static final int DECISIONS = 20;

    private final ParetoConfig config;
    private final Route route;
    private final Map<String, Observed> models = new LinkedHashMap<>();
    private final Observed all;
    private final List<DecisionExport.Line> sample;

    /** @param sample oldest first */
    RouteReport(ParetoConfig config, Route route, List<DecisionExport.Line> sample, String currency) {
        this.config = config;
        this.route = route;
        this.sample = sample;
        this.all = new Observed(currency);
        route.candidates().forEach(model -> models.put(model.toString(), new Observed(currency)));
        route.fallbacks().forEach(model -> models.putIfAbsent(model.toString(), new Observed(currency)));
        for (int i = 0; i < sample.size(); i++) {
            JsonNode tree = sample.get(i).tree();
            String won = tree.path("decision").path("outcome").path("model").asString("");
            boolean amongNewest = i >= sample.size() - NEWEST;
            for (JsonNode candidate : tree.path("decision").path("candidates")) {
                String model = candidate.path("model").asString("");
                models.computeIfAbsent(model, name -> new Observed(currency))
                        .weighed(candidate, model.equals(won), amongNewest);
            }
            String served = tree.path("outcome").path("served").asString("");
            if (!served.isEmpty()) {
                models.computeIfAbsent(served, name -> new Observed(currency)).answered(tree.path("outcome"));
                all.answered(tree.path("outcome"));
            }
        }
    }

    /** Whoever answered. */
    RoutePage.Figures all() {
        return all.measured();
    }

    List<RoutePage.CandidateRow> candidates() {
        List<Frontier.Point> expected = new ArrayList<>();
        models.forEach((model, seen) -> expected.add(point(model, seen.expected())));
        double newest = Math.max(1, models.values().stream().mapToLong(Observed::chosenOfNewest).sum());
        List<RoutePage.CandidateRow> rows = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, Observed> one : models.entrySet()) {
            Observed seen = one.getValue();
            rows.add(new RoutePage.CandidateRow(one.getKey(), open(one.getKey()),
                    route.baseline() != null && route.baseline().toString().equals(one.getKey()), role(one.getKey()),
                    seen.chosen(), seen.chosenOfNewest() / newest,
                    dominated(seen.expected(), Frontier.dominates(expected.get(at), expected)),
                    seen.measured(), seen.weighed(), seen.excluded(), seen.reasons(), seen.newest("evidence"),
                    seen.newest("swap")));
            at++;
        }
        return rows;
    }

    private static Frontier.Point point(String model, RoutePage.Figures figures) {
        Amount cost = figures.cost();
        Long millis = figures.p95Millis();
        RoutePage.Accuracy accuracy = figures.accuracy();
        return new Frontier.Point(model, cost == null ? null : (Double) cost.value().doubleValue(),
                millis == null ? null : (Double) millis.doubleValue(),
                accuracy == null ? null : (Double) accuracy.value());
    }

    private static RoutePage.Figures dominated(RoutePage.Figures it, @Nullable String by) {
        return new RoutePage.Figures(it.requests(), it.cost(), it.firstTokenMillis(), it.p95Millis(), it.accuracy(),
                by);
    }

    private boolean open(String model) {
        return config.catalogue().find(ModelId.parse(model)).map(found -> found.open()).orElse(false);
    }

    private String role(String model) {
        ModelId id = ModelId.parse(model);
        return route.candidates().contains(id) ? "candidate" : route.fallbacks().contains(id) ? "fallback" : "former";
    }

    /** The newest first. */
    List<RoutePage.DecisionRow> decisions() {
        return sample.reversed().stream().limit(DECISIONS).map(RouteReport::row).toList();
    }

    private static RoutePage.DecisionRow row(DecisionExport.Line line) {
        JsonNode decision = line.tree().path("decision");
        JsonNode outcome = line.tree().path("outcome");
        return new RoutePage.DecisionRow(line.requestId(), line.decidedAt(),
                decision.path("request").path("tenant").asString(""),
                decision.path("outcome").path("model").asStringOpt().orElse(null),
                outcome.path("served").asStringOpt().orElse(null), decision.path("reason").asString(""),
                line.cost() == null ? null : new Amount(line.cost()), line.millis(),
                outcome.path("score").isNumber() ? (Double) outcome.path("score").doubleValue(0) : null, line.failed(),
                decision.path("candidates").valueStream().anyMatch(one -> one.at("/accuracy/why").isArray()));
    }
}
