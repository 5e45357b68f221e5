package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.CostForecast;
import dev.pareto.policies.predict.TokenForecast;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.ServiceTiers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Weighs one candidate: may it serve at all, what would it cost and take, how good would it be, which constraints does it miss. */
final class Assessor {

    /** Below this many answers a latency is not held against a model: it would never be tried again. */
    static final long ENOUGH_OBSERVATIONS = 20;

    private static final Gate GATE = new Gate();

    private final Rules.Applied applied;
    private final Route route;
    private final RequestFeatures request;
    private final Snapshot snapshot;
    private final List<Floor> floors;
    private final @Nullable AccuracyForecasts accuracies;
    private final Bounds bounds;
    private final int usualTokens;

    /** @param floors those that hold for the request */
    Assessor(Route route, Rules.Applied applied, List<Floor> floors, RequestFeatures request, Snapshot snapshot) {
        this.route = route;
        this.applied = applied;
        this.floors = floors;
        this.request = request;
        this.snapshot = snapshot;
        int usual = Math.max(1, snapshot.outputLengths().applyAsInt(route.name()));
        Integer most = request.maxOutputTokens();
        this.usualTokens = most == null ? usual : Math.min(usual, most);
        this.accuracies = request.prompt() == null
                ? null
                : snapshot.accuracies().forecast(route.name(), request.prompt());
        this.bounds = new Bounds(route, applied.policy(), floors, accuracies, request, snapshot);
    }

    /** What is known of how good models are here. */
    Bounds bounds() {
        return bounds;
    }

    void assess(Weighing weighing) {
        ModelId id = weighing.model;
        Model model = snapshot.config().catalogue().served(id).orElse(null);
        weighing.open = model != null && model.open();
        weighing.baseline = id.equals(route.baseline());
        weighing.pass = GATE.check(route, id, weighing.open, applied.policy(), request, snapshot);
        boolean available = snapshot.available().test(id);
        refusals(weighing, model, available);
        Stake stake = weighing.pass.stake();
        weighing.stake = stake == null || weighing.admitted()
                ? stake
                : stake.refused(!available && weighing.refusals().size() == 1);
        if (weighing.pass.refusal() != null) {
            weighing.refuse(weighing.pass.refusal());
        }
        PriceVersion price = price(id);
        if (price != null) {
            weighing.priceVersion = price.id();
            CostForecast cost = CostForecast.of(price, use(id), request.at());
            weighing.cost = cost == null ? null : cost.mean();
            weighing.worstCost = cost == null ? null : cost.worst();
        }
        weighing.latency = snapshot.latencies().forecast(id, outputTokens(id));
        weighing.accuracy = accuracies == null ? null : accuracies.of(id);
        bounds.check(weighing);
    }

    /** What the model is expected to answer to this prompt, else what the route usually gets; never more than the caller takes. */
    private int outputTokens(ModelId id) {
        TokenForecast forecast = accuracies == null ? null : accuracies.outputTokens(id);
        Integer most = request.maxOutputTokens();
        return forecast == null ? usualTokens : most == null ? forecast.mean() : Math.min(forecast.mean(), most);
    }

    private void refusals(Weighing weighing, @Nullable Model model, boolean available) {
        ModelId id = weighing.model;
        ModelId forced = request.overrides().model();
        if (forced != null && !forced.equals(id)) {
            weighing.refuse("Pareto-Model asks for " + forced);
        }
        if (request.overrides().localOnly() && !staysHere(id)) {
            weighing.refuse("data class local-only keeps the request from " + id);
        }
        for (Floor floor : floors) {
            if (!floor.allows(id, weighing.open)) {
                weighing.refuse("floor " + floor.name() + " keeps the request from " + id);
            }
        }
        if (!applied.only().isEmpty() && !applied.only().contains(id)) {
            weighing.refuse(applied.onlyRule() + " keeps the request from " + id);
        }
        if (withoutKey(id)) {
            weighing.refuse("vendor " + id.vendor() + " has no key configured and the caller's key is not for it");
        }
        if (model == null) {
            weighing.refuse(id + " is not in the catalogue");
        } else {
            Integer context = model.contextLength();
            if (context != null && request.promptTokens(id) >= context) {
                weighing.refuse(
                        "prompt of about " + request.promptTokens(id) + " tokens exceeds the " + context + " of " + id);
            }
            if (request.tools() && !model.can(Capability.TOOLS)) {
                weighing.refuse(id + " takes no tools");
            }
        }
        if (!available) {
            weighing.refuse(id + " is not available now");
        }
    }

    /** A caller's key goes to nobody but the vendor that the caller addressed. */
    private boolean withoutKey(ModelId id) {
        return request.callersKey() && !id.vendor().equals(request.addressed())
                && snapshot.config().catalogue().vendor(id.vendor()).filter(Vendor::needsCallersKey).isPresent();
    }

    private boolean staysHere(ModelId id) {
        Vendor vendor = snapshot.config().catalogue().vendor(id.vendor()).orElse(null);
        return vendor != null
                && (vendor.kind() == VendorKind.EMBEDDED || (vendor.kind() == VendorKind.HTTP && vendor.open()));
    }

    /** At the tier that is asked for where the vendor sells it; else at the usual one. */
    private @Nullable PriceVersion price(ModelId id) {
        String sku = snapshot.config().priceSku(id);
        String tier = ServiceTiers.effective(null, request.serviceTier());
        PriceVersion asked = tier.equals(PriceVersion.STANDARD)
                ? null
                : snapshot.config().prices().at(sku, tier, request.at()).orElse(null);
        return asked != null
                ? asked
                : snapshot.config().prices().at(sku, PriceVersion.STANDARD, request.at()).orElse(null);
    }

    private CostForecast.Use use(ModelId id) {
        int expected = outputTokens(id);
        TokenForecast forecast = accuracies == null ? null : accuracies.outputTokens(id);
        Integer most = request.maxOutputTokens();
        int bound = forecast == null ? (most == null ? expected : most) : forecast.bound();
        return new CostForecast.Use(request.promptTokens(id),
                Math.clamp(snapshot.cachedShares().of(route.name(), id), 0, 1), expected,
                Math.max(expected, most == null ? bound : Math.min(bound, most)));
    }
}
