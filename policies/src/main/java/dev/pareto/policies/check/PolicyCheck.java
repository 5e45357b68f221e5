package dev.pareto.policies.check;

import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.Commitment;
import dev.pareto.policies.budget.WhenUsedUp;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.check.Remark.Weight;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.yaml.Nearest;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what a configuration says that cannot be meant: candidates nobody reaches, limits nobody meets, prices nobody knows. */
public final class PolicyCheck {

    private final ParetoConfig config;
    private final Instant now;
    private final List<Remark> remarks = new ArrayList<>();

    private PolicyCheck(ParetoConfig config, Instant now) {
        this.config = config;
        this.now = now;
    }

    /** What there is to say of a configuration that was read, the bad first. */
    public static List<Remark> of(ParetoConfig config, Instant now) {
        PolicyCheck check = new PolicyCheck(config, now);
        config.routes().values().forEach(check::route);
        config.policies().values().forEach(check::policy);
        config.floors().forEach(check::floor);
        config.gateway().keys().forEach(check::key);
        config.budgets().forEach(check::budget);
        config.commitments().forEach(check::commitment);
        return check.remarks.stream().sorted(Comparator.comparing(Remark::weight)).toList();
    }

    private void say(Weight weight, String where, String what, String remedy) {
        remarks.add(new Remark(weight, where, what, remedy));
    }

    /* ------------------------------------------ routes ------------------------------------------ */

    private void route(Route route) {
        String where = "route " + route.name();
        for (ModelId fallback : route.fallbacks()) {
            if (route.candidates().contains(fallback)) {
                say(Weight.WARNING, where,
                        "fall-back " + fallback + " is a candidate already, so a failure goes round to"
                                + " it and it is not tried again",
                        "leave it out of 'fallbacks'");
            }
        }
        Set<String> conditions = new HashSet<>();
        boolean always = false;
        for (int i = 0; i < route.rules().size(); i++) {
            String condition = route.rules().get(i).when().text();
            if (always || !conditions.add(condition)) {
                say(Weight.ERROR, where, "rule " + (i + 1) + " is never reached: "
                        + (always ? "one before it always holds" : "one before it has the same condition"),
                        "put it first or leave it out");
            }
            always |= condition.strip().equals("true");
        }
        for (Policy policy : policies(route)) {
            candidates(route, policy);
        }
    }

    /** Those that a request of the route may meet without naming one. */
    private Set<Policy> policies(Route route) {
        Set<Policy> policies = new LinkedHashSet<>();
        if (route.policy() != null) {
            policies.add(config.policies().get(route.policy()));
        }
        route.rules().forEach(rule -> {
            if (rule.policy() != null) {
                policies.add(config.policies().get(rule.policy()));
            }
        });
        return policies;
    }

    private void candidates(Route route, Policy policy) {
        String where = "route " + route.name() + " under policy " + policy.name();
        Constraints limits = policy.constraints();
        Money most = limits.costAtMost();
        boolean costCounts = most != null || switch (policy.objective()) {
            case Objective.Single single -> single == Objective.Single.MINIMISE_COST;
            case Objective.Weighted weighted -> weighted.cost().signum() > 0;
        };
        int possible = 0;
        for (ModelId candidate : route.candidates()) {
            Money least = leastCost(candidate);
            if (least == null && costCounts) {
                say(most == null ? Weight.WARNING : Weight.ERROR, where, candidate + " has no price now, so "
                        + (most == null ? "every priced candidate comes before it" : "it never meets cost at-most"),
                        "give its vendor 'prices', or the model its own");
            } else if (least != null && most != null && least.compareTo(most) > 0) {
                say(Weight.ERROR, where, candidate + " is never reached: one token in and one out cost " + least
                        + ", more than the " + most + " allowed", "raise cost at-most or leave it out");
            } else {
                possible++;
            }
        }
        if (possible == 0) {
            say(Weight.ERROR, where, "no candidate can ever meet cost at-most " + most, "raise it");
        }
        for (AccuracyFloor floor : limits.accuracy()) {
            if (floor instanceof AccuracyFloor.Within within && !route.candidates().contains(within.reference())) {
                say(Weight.WARNING, where, "accuracy is compared with " + within.reference()
                        + ", which is no candidate, so nobody meets the floor without evidence",
                        "make it a candidate, or compare with one");
            }
        }
        dominated(route, policy, where);
    }

    /** Without any other limit the cheapest always wins. */
    private void dominated(Route route, Policy policy, String where) {
        Constraints limits = policy.constraints();
        boolean costAlone = Objective.MINIMISE_COST.equals(policy.objective()) && policy.rules().isEmpty()
                && limits.accuracy().isEmpty() && limits.firstTokenP95() == null && limits.totalP95() == null;
        if (!costAlone || route.candidates().size() < 2) {
            return;
        }
        for (ModelId dear : route.candidates()) {
            for (ModelId cheap : route.candidates()) {
                if (!dear.equals(cheap) && !open(cheap) && dearer(dear, cheap)) {
                    say(Weight.WARNING, where, dear + " serves only after " + cheap
                            + " failed: it costs more and the policy asks for nothing else",
                            "add an accuracy or a latency, or make it a fall-back");
                    return;
                }
            }
        }
    }

    /** Whether both of a token read and a token written cost more. */
    private boolean dearer(ModelId dear, ModelId cheap) {
        PriceBand more = band(dear);
        PriceBand less = band(cheap);
        return more != null && less != null && above(more, less, Buckets.INPUT) && above(more, less, Buckets.OUTPUT);
    }

    private static boolean above(PriceBand more, PriceBand less, String bucket) {
        UnitPrice one = more.prices().get(bucket);
        UnitPrice other = less.prices().get(bucket);
        return one != null && other != null && one.perMillion().compareTo(other.perMillion()) > 0;
    }

    /* ------------------------------------ policies and floors ----------------------------------- */

    private void policy(Policy policy) {
        String where = "policy " + policy.name();
        Constraints limits = policy.constraints();
        if (limits.firstTokenP95() != null && limits.totalP95() != null
                && limits.firstTokenP95().compareTo(limits.totalP95()) >= 0) {
            say(Weight.WARNING, where, "first-token-p95 is no shorter than total-p95, so it never binds",
                    "shorten it or leave it out");
        }
        for (AccuracyFloor floor : limits.accuracy()) {
            if (floor instanceof AccuracyFloor.AtLeast least && least.accuracy() >= 1) {
                say(Weight.ERROR, where, "accuracy at-least 100 % is never measured nor predicted", "lower it");
            }
        }
        Set<String> conditions = new HashSet<>();
        for (int i = 0; i < policy.rules().size(); i++) {
            Policy.Rule rule = policy.rules().get(i);
            if (!conditions.add(rule.when().text())) {
                say(Weight.WARNING, where, "rule " + (i + 1) + " has the condition of one before it",
                        "write them as one");
            }
            if (limits.and(rule.constraints()).equals(limits)) {
                say(Weight.WARNING, where, "rule " + (i + 1) + " adds nothing: the policy is at least as strict",
                        "tighten it or leave it out");
            }
        }
    }

    private void floor(Floor floor) {
        for (Route route : config.routes().values()) {
            if (!floor.routes().isEmpty() && !floor.routes().contains(route.name())) {
                continue;
            }
            if (route.candidates().stream().noneMatch(candidate -> floor.allows(candidate, open(candidate)))) {
                say(Weight.ERROR, "floor " + floor.name(), "allows no candidate of route " + route.name()
                        + ", so all requests there that it is about are refused",
                        "give the route such a candidate, or keep the floor to other routes with 'route'");
            }
        }
    }

    private void key(GatewaySettings.CallerKey key) {
        String tagged = key.tags().get(RequestFeatures.DATA_CLASS_TAG);
        if (tagged != null && !config.dataClasses().contains(tagged)) {
            say(Weight.ERROR, "key " + key.name(), "its data class '" + tagged + "' has no floor, so nothing is kept",
                    "write a floor with data-class: " + tagged);
        }
    }

    /* ------------------------------------------ budgets ----------------------------------------- */

    private void budget(BudgetPlan budget) {
        String where = "budget " + budget.name();
        List<Route> routes = config.routes().values().stream().filter(route -> mayCover(budget, route)).toList();
        List<String> named = budget.scope().any().getOrDefault("route", List.of());
        for (String route : named) {
            if (!config.routes().containsKey(route)) {
                say(Weight.WARNING, where, "no route is called '" + route + "', so it counts only calls that ask for a"
                        + " model of that name", "write the route's name");
            }
        }
        for (ModelId cheaper : budget.downgradeTo()) {
            if (!routes.isEmpty() && routes.stream().noneMatch(route -> route.candidates().contains(cheaper))) {
                say(Weight.ERROR, where, "downgrade-to " + cheaper + " is a candidate of no route that the budget is"
                        + " about, so no call is ever sent there", "make it a candidate of the route");
            }
        }
        if (budget.unpriced() == null && budget.whenUsedUp() != WhenUsedUp.WARN) {
            routes.stream()
                    .flatMap(route -> route.candidates().stream())
                    .distinct()
                    .filter(candidate -> leastCost(candidate) == null)
                    .forEach(candidate -> say(Weight.WARNING, where,
                            candidate + " has no price now, so calls to it are refused",
                            "give it a price, or write unpriced: 0.05 USD for what such a call counts as"));
        }
        for (BudgetPlan other : config.budgets()) {
            if (other.name().compareTo(budget.name()) < 0 && other.scope().equals(budget.scope())
                    && other.period().equals(budget.period())) {
                say(Weight.WARNING, where, "is about the same calls and period as " + other.name()
                        + ", so only the smaller of the two ever holds", "leave one out");
            }
        }
    }

    private void commitment(Commitment commitment) {
        String where = "commitment " + commitment.name();
        for (ModelId model : commitment.models().stream().sorted().toList()) {
            if (config.catalogue().find(model).isEmpty()) {
                say(Weight.WARNING, where, "no model is called " + model + ", so no call uses it",
                        Nearest.remedy(model.toString(),
                                config.catalogue().models().stream().map(one -> one.id().toString()).toList()));
            }
        }
        config.catalogue()
                .vendors()
                .stream()
                .filter(vendor -> vendor.simulated() && (commitment.vendors().contains(vendor.name())
                        || commitment.models().stream().anyMatch(model -> model.vendor().equals(vendor.name()))))
                .forEach(vendor -> say(Weight.WARNING, where, "is about the simulated vendor " + vendor.name()
                        + ", whose calls cost nobody anything and never use it", "leave it out"));
        if (!now.isBefore(commitment.ends())) {
            say(Weight.WARNING, where, "ended on " + commitment.to() + ", so it changes nothing", "leave it out");
        }
    }

    /** Whether calls of a route may count, as far as its name and its candidates tell. */
    private static boolean mayCover(BudgetPlan budget, Route route) {
        var any = budget.scope().any();
        List<String> names = any.getOrDefault("route", List.of());
        List<String> models = any.getOrDefault("model", List.of());
        List<String> vendors = any.getOrDefault("vendor", List.of());
        return (names.isEmpty() || names.contains(route.name()))
                && route.candidates()
                        .stream()
                        .anyMatch(
                                id -> (models.isEmpty() || models.contains(id.toString()))
                                        && (vendors.isEmpty() || vendors.contains(id.vendor())));
    }

    /* ------------------------------------------ prices ------------------------------------------ */

    private boolean open(ModelId id) {
        return config.catalogue().served(id).filter(Model::open).isPresent();
    }

    private @Nullable PriceBand band(ModelId id) {
        return config.prices()
                .at(config.priceSku(id), PriceVersion.STANDARD, now)
                .map(version -> version.band(1, now))
                .orElse(null);
    }

    /** Of one token in and one out; null where a price is missing. */
    private @Nullable Money leastCost(ModelId id) {
        PriceVersion version = config.prices().at(config.priceSku(id), PriceVersion.STANDARD, now).orElse(null);
        if (version == null) {
            return null;
        }
        PriceBand band = version.band(1, now);
        UnitPrice input = band.prices().get(Buckets.INPUT);
        UnitPrice output = band.prices().get(Buckets.OUTPUT);
        if (input == null || output == null) {
            return null;
        }
        UnitPrice fee = band.prices().get(Buckets.REQUEST);
        BigDecimal sum = one(input).add(one(output)).add(fee == null ? BigDecimal.ZERO : one(fee));
        return Money.rounded(sum, version.currency());
    }

    private static BigDecimal one(UnitPrice price) {
        return price.price().divide(price.per(), Money.SCALE, RoundingMode.HALF_EVEN);
    }
}
