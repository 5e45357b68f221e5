package dev.pareto.policies.simulate;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Resilience;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.policy.CachePolicy;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.policy.WhenInfeasible;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A world's configuration: its candidates as vendors' models, and a price book with every price that it will ever have. */
final class WorldConfig {

    private static final String POLICY = "world";

    private WorldConfig() {}

    static ParetoConfig of(WorldPlan plan) {
        List<ModelId> models = List.copyOf(plan.start().keySet());
        List<Vendor> vendors = models.stream()
                .map(ModelId::vendor)
                .distinct()
                .map(name -> new Vendor(name, VendorKind.HTTP, "openai", List.of(URI.create("http://" + name)), null,
                        false, Resilience.DEFAULT, null, null, null, null))
                .toList();
        var catalogue = new Catalogue(vendors,
                models.stream().map(id -> new Model(id, false, null, java.util.Set.of())).toList(), null);
        var route = new Route(World.ROUTE, models, POLICY, null, CachePolicy.OFF, List.of(), true);
        var policy = new Policy(POLICY, plan.objective(),
                new Constraints(List.of(), null, plan.latencyLimit(), null), WhenInfeasible.CLOSEST);
        return new ParetoConfig(GatewaySettings.DEFAULT, catalogue, prices(plan), Map.of(World.ROUTE, route),
                Map.of(POLICY, policy), Map.of(), Map.of(), List.of(), List.of());
    }

    private static PriceBook prices(WorldPlan plan) {
        List<PriceVersion> versions = new ArrayList<>();
        plan.start().forEach((model, nature) -> versions.add(version(model, nature, World.BEGIN, 0)));
        plan.changes()
                .stream()
                .filter(change -> change.kind() == WorldPlan.Kind.PRICE)
                .forEach(change -> versions.add(version(change.model(), change.nature(),
                        World.at(plan, change.request()), change.request())));
        return new PriceBook(versions);
    }

    private static PriceVersion version(ModelId model, Nature nature, Instant from, int request) {
        Map<String, UnitPrice> prices = Map.of(Buckets.INPUT, UnitPrice.perMillion(nature.input()), Buckets.OUTPUT,
                UnitPrice.perMillion(nature.output()));
        return new PriceVersion(model + ":" + request, model.toString(), PriceVersion.STANDARD, from, null, "USD",
                List.of(new PriceBand(0, List.of(), new TreeMap<>(prices))), new TreeMap<>(), CostSource.LIST,
                "simulated");
    }

    static @Nullable Money cost(ParetoConfig config, ModelId model, int prompt, int output, Instant at) {
        PriceVersion price = config.prices().at(model.toString(), PriceVersion.STANDARD, at).orElse(null);
        if (price == null) {
            return null;
        }
        Map<String, UnitPrice> prices = price.band(prompt, at).prices();
        BigDecimal sum = requireNonNull(prices.get(Buckets.INPUT)).price()
                .multiply(BigDecimal.valueOf(prompt))
                .add(requireNonNull(prices.get(Buckets.OUTPUT)).price().multiply(BigDecimal.valueOf(output)));
        return new Money(sum.divide(UnitPrice.MILLION, Money.SCALE, RoundingMode.UP), price.currency());
    }
}
