package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.predict.CostForecast;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.ServiceTiers;
import dev.pareto.policies.price.TokenPrices;
import org.jspecify.annotations.Nullable;

/** Weighs one candidate: may it serve at all, what would it cost and take, how good would it be, which constraints does it miss. */
final class Assessor {

    /** Below this many answers a latency is not held against a model: it would never be tried again. */
    static final long ENOUGH_OBSERVATIONS = 20;

    private static final Gate GATE = new Gate();

    private final Matter matter;
    private final Bounds bounds;

    /** @param matter filled before anybody is weighed */
    Assessor(Matter matter) {
        this.matter = matter;
        this.bounds = new Bounds(matter);
    }

    /** What is known of how good models are here. */
    Bounds bounds() {
        return bounds;
    }

    void assess(Weighing weighing) {
        ModelId id = weighing.model;
        Snapshot snapshot = matter.snapshot;
        AccuracyForecasts accuracies = matter.accuracies;
        Model model = snapshot.config().catalogue().lookUp(id);
        weighing.listed = model != null && model.listed();
        weighing.open = model != null && model.open();
        weighing.baseline = id.equals(matter.route.baseline());
        GATE.check(weighing, matter);
        boolean available = snapshot.available().test(id);
        refusals(weighing, model, available);
        Stake stake = weighing.stake;
        if (stake != null && !weighing.admitted()) {
            weighing.stake = stake.refused(!available && weighing.refusals().size() == 1);
        }
        if (weighing.closed != null) {
            weighing.refuse(weighing.closed);
        }
        int expected = expectedTokens(id);
        cost(weighing, model, expected);
        weighing.latency = snapshot.latencies().forecast(id, expected);
        weighing.accuracy = accuracies == null ? null : accuracies.of(id);
        bounds.check(weighing);
    }

    private void cost(Weighing weighing, @Nullable Model model, int expected) {
        ModelId id = weighing.model;
        TokenPrices price = price(model == null ? id.toString() : model.priceSku());
        if (price == null) {
            return;
        }
        weighing.priceVersion = price.version().id();
        int prompt = matter.request.promptTokens();
        double cached = Math.clamp(matter.snapshot.cachedShares().of(matter.route.name(), id), 0, 1);
        int usual = ofAll(expected);
        Money mean = price.cost(prompt, cached, usual, matter.request.at());
        Room room = mean == null ? null : matter.snapshot.commitments().of(id, matter.request.at());
        weighing.commitment = room;
        weighing.cost = mean == null || room == null ? mean : room.beyond(mean);
        weighing.worstCost = mean == null
                ? null
                : CostForecast.worst(price, mean, prompt, cached, usual, ofAll(mostTokens(id, expected)),
                        matter.request.at());
    }

    /** Tokens of all answers together; the prompt is read once. */
    private int ofAll(int tokensOfOne) {
        return (int) Math.min(Integer.MAX_VALUE, (long) tokensOfOne * matter.request.answers());
    }

    /** What the model is expected to answer to this prompt, else what the route usually gets; never more than the caller takes. */
    private int expectedTokens(ModelId id) {
        int forecast = matter.accuracies == null ? 0 : matter.accuracies.expectedTokens(id);
        Integer most = matter.request.maxOutputTokens();
        return forecast == 0 ? matter.usualTokens : most == null ? forecast : Math.min(forecast, most);
    }

    /** No more than this in nine answers of ten. */
    private int mostTokens(ModelId id, int expected) {
        int forecast = matter.accuracies == null ? 0 : matter.accuracies.mostTokens(id);
        Integer most = matter.request.maxOutputTokens();
        int bound = forecast == 0 ? (most == null ? expected : most) : forecast;
        return Math.max(expected, most == null ? bound : Math.min(bound, most));
    }

    private void refusals(Weighing weighing, @Nullable Model model, boolean available) {
        ModelId id = weighing.model;
        RequestFeatures request = matter.request;
        ModelId forced = request.overrides().model();
        if (forced != null && !forced.equals(id)) {
            weighing.refuse("Pareto-Model asks for " + forced);
        }
        if (request.overrides().localOnly() && !staysHere(id)) {
            weighing.refuse("data class local-only keeps the request from " + id);
        }
        for (int i = 0; i < matter.floors.size(); i++) {
            Floor floor = matter.floors.get(i);
            if (!floor.allows(id, weighing.open)) {
                weighing.refuse("floor " + floor.name() + " keeps the request from " + id);
            }
        }
        if (!matter.only.isEmpty() && !matter.only.contains(id)) {
            weighing.refuse(matter.onlyRule + " keeps the request from " + id);
        }
        if (withoutKey(id)) {
            weighing.refuse("vendor " + id.vendor() + " has no key configured and the caller's key is not for it");
        }
        if (model == null) {
            weighing.refuse(id + " is not in the catalogue");
        } else {
            Integer context = model.contextLength();
            if (context != null && request.promptTokens() >= context) {
                weighing.refuse(
                        "prompt of about " + request.promptTokens() + " tokens exceeds the " + context + " of " + id);
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
        return matter.request.callersKey() && !id.vendor().equals(matter.request.addressed())
                && matter.snapshot.config().catalogue().vendor(id.vendor()).filter(Vendor::needsCallersKey).isPresent();
    }

    private boolean staysHere(ModelId id) {
        Vendor vendor = matter.snapshot.config().catalogue().vendor(id.vendor()).orElse(null);
        return vendor != null
                && (vendor.kind() == VendorKind.EMBEDDED || (vendor.kind() == VendorKind.HTTP && vendor.open()));
    }

    /** At the tier that is asked for where the vendor sells it; else at the usual one. */
    private @Nullable TokenPrices price(String sku) {
        RequestFeatures request = matter.request;
        PriceBook prices = matter.snapshot.config().prices();
        String tier = ServiceTiers.effective(null, request.serviceTier());
        TokenPrices asked = tier.equals(PriceVersion.STANDARD) ? null : prices.tokens(sku, tier, request.at());
        return asked != null ? asked : prices.tokens(sku, PriceVersion.STANDARD, request.at());
    }
}
