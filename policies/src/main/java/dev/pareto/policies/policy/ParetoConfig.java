package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.Commitment;
import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.swap.SwapPlan;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that an operator configured, checked as a whole and immutable.
 *
 * @param gateway where it listens
 * @param catalogue vendors and models
 * @param prices what they charge
 * @param routes by name
 * @param policies by name
 * @param swaps by route
 * @param experiments by name
 * @param floors what holds for data classes and tenants, whatever is asked
 * @param budgets what may be spent
 * @param commitments what spend is paid for, used or not; no two about the same call
 * @param warnings what is allowed but probably not meant, one sentence each
 */
public record ParetoConfig(GatewaySettings gateway, Catalogue catalogue, PriceBook prices, Map<String, Route> routes,
        Map<String, Policy> policies, Map<String, SwapPlan> swaps,
        Map<String, ExperimentPlan> experiments, List<Floor> floors, List<BudgetPlan> budgets,
        List<Commitment> commitments, List<String> warnings) {

    /** What a data class is called, a regular expression. */
    public static final String DATA_CLASS = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** The data classes that exist without being configured. */
    static final Set<String> BUILT_IN_CLASSES = Set.of("local-only", "any", "public");

    public ParetoConfig {
        requireNonNull(gateway, "gateway is null");
        requireNonNull(catalogue, "catalogue is null");
        requireNonNull(prices, "prices is null");
        routes = sorted(routes);
        policies = sorted(policies);
        swaps = sorted(swaps);
        experiments = sorted(experiments);
        floors = List.copyOf(floors);
        budgets = List.copyOf(budgets);
        commitments = List.copyOf(commitments);
        warnings = List.copyOf(warnings);
    }

    /** Without a budget or a commitment. */
    public ParetoConfig(GatewaySettings gateway, Catalogue catalogue, PriceBook prices, Map<String, Route> routes,
            Map<String, Policy> policies, Map<String, SwapPlan> swaps, Map<String, ExperimentPlan> experiments,
            List<Floor> floors, List<String> warnings) {
        this(gateway, catalogue, prices, routes, policies, swaps, experiments, floors, List.of(), List.of(), warnings);
    }

    /** In order, but found by hash: every decision looks things up. */
    private static <T> Map<String, T> sorted(Map<String, T> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(new TreeMap<>(map)));
    }

    /** Every data class that a floor is about. */
    public Set<String> dataClasses() {
        Set<String> classes = new TreeSet<>();
        floors.forEach(floor -> classes.addAll(floor.dataClasses()));
        return classes;
    }

    /** The request headers that conditions name, in lower case. */
    public Set<String> conditionHeaders() {
        Set<String> names = new TreeSet<>();
        routes.values().forEach(route -> route.rules().forEach(rule -> names.addAll(rule.when().headers())));
        policies.values().forEach(policy -> policy.rules().forEach(rule -> names.addAll(rule.when().headers())));
        return names;
    }

    /** Whether a condition asks in which language a prompt is, so that prompts must be read. */
    public boolean asksForLanguage() {
        return routes.values()
                .stream()
                .anyMatch(route -> route.rules().stream().anyMatch(rule -> rule.when().language()))
                || policies.values()
                        .stream()
                        .anyMatch(policy -> policy.rules().stream().anyMatch(rule -> rule.when().language()));
    }

    /** The same with other settings of the gateway. */
    public ParetoConfig with(GatewaySettings settings) {
        return new ParetoConfig(settings, catalogue, prices, routes, policies, swaps, experiments, floors, budgets,
                commitments, warnings);
    }

    /** The same with other routes and policies. */
    public ParetoConfig with(Map<String, Route> otherRoutes, Map<String, Policy> otherPolicies) {
        return new ParetoConfig(gateway, catalogue, prices, otherRoutes, otherPolicies, swaps, experiments, floors,
                budgets, commitments, warnings);
    }

    /** The same with other vendors and models. */
    public ParetoConfig with(Catalogue other) {
        return new ParetoConfig(gateway, other, prices, routes, policies, swaps, experiments, floors, budgets,
                commitments, warnings);
    }

    /** The route that a caller's model names: a declared one, else the model of that name itself, listed or not. */
    public Optional<Route> route(String requestedModel) {
        Route declared = routes.get(requestedModel);
        return declared != null
                ? Optional.of(declared)
                : catalogue.resolve(requestedModel)
                        .or(() -> catalogue.unlisted(requestedModel))
                        .map(model -> Route.direct(requestedModel, model.id(), model.open()));
    }

    /** The thing sold in the price book that a model's use is charged as. */
    public String priceSku(ModelId id) {
        return catalogue.find(id).map(Model::priceSku).orElseGet(id::toString);
    }

    /** The configuration with more models, e.g. those found in a folder of weights; embedded ones cost the machine's time or nothing. */
    public ParetoConfig withModels(Collection<Model> models) {
        Catalogue more = catalogue.with(models);
        List<PriceVersion> unpriced = models.stream()
                .filter(model -> !prices.skus().contains(model.priceSku()))
                .flatMap(model -> more.vendor(model.id().vendor())
                        .flatMap(vendor -> VendorReader.ownMachines(vendor, model))
                        .stream())
                .toList();
        return new ParetoConfig(gateway, more, prices.with(unpriced), routes, policies, swaps, experiments,
                floors, budgets, commitments, warnings);
    }
}
