package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.predict.LatencyForecast;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.SwapPlan;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Weighs one candidate: may it serve at all, what would it cost and take, which constraints does it miss. */
final class Assessor {

    /** Below this many answers a latency is not held against a model: it would never be tried again. */
    static final long ENOUGH_OBSERVATIONS = 20;

    private final Gate gate = new Gate();
    private final Route route;
    private final @Nullable Policy policy;
    private final RequestFeatures request;
    private final Snapshot snapshot;
    private final int outputTokens;

    Assessor(Route route, @Nullable Policy policy, RequestFeatures request, Snapshot snapshot) {
        this.route = route;
        this.policy = policy;
        this.request = request;
        this.snapshot = snapshot;
        int usual = Math.max(1, snapshot.outputLengths().applyAsInt(route.name()));
        Integer most = request.maxOutputTokens();
        this.outputTokens = most == null ? usual : Math.min(usual, most);
    }

    Assessment assess(ModelId id) {
        Model model = snapshot.config().catalogue().served(id).orElse(null);
        boolean open = model != null && model.open();
        Gate.Pass pass = gate.check(route, id, open, policy, request, snapshot);
        List<String> refusals = refusals(id, model);
        boolean onlyDown = refusals.size() == 1 && !snapshot.available().test(id);
        Stake stake = pass.stake() == null || refusals.isEmpty() ? pass.stake() : pass.stake().refused(onlyDown);
        if (pass.refusal() != null) {
            refusals.add(pass.refusal());
        }
        PriceVersion price = snapshot.config()
                .prices()
                .at(snapshot.config().priceSku(id), PriceVersion.STANDARD, request.at())
                .orElse(null);
        Money cost = price == null ? null : predict(price, request.promptTokens(id));
        LatencyForecast latency = snapshot.latencies().forecast(id, outputTokens);
        Assessment bare = new Assessment(id, open, id.equals(route.baseline()), cost, price == null ? null : price.id(),
                latency.firstTokenP95(), latency.totalP95(), latency.observations(), pass.evidence(), pass.share(),
                stake, refusals, List.of(), 0, "");
        List<Violation> violations = violations(bare, pass.overridden());
        return new Assessment(id, open, bare.baseline(), cost, bare.priceVersion(), bare.firstTokenP95(),
                bare.totalP95(), bare.latencyObservations(), bare.evidence(), bare.share(), bare.stake(), refusals,
                violations, 0, "");
    }

    private List<String> refusals(ModelId id, @Nullable Model model) {
        List<String> refusals = new ArrayList<>();
        ModelId forced = request.overrides().model();
        if (forced != null && !forced.equals(id)) {
            refusals.add("Pareto-Model asks for " + forced);
        }
        if (request.overrides().localOnly() && !staysHere(id)) {
            refusals.add("data class local-only keeps the request from " + id);
        }
        if (withoutKey(id)) {
            refusals.add("vendor " + id.vendor() + " has no key configured and the caller's key is not for it");
        }
        if (model == null) {
            refusals.add(id + " is not in the catalogue");
        } else {
            Integer context = model.contextLength();
            if (context != null && request.promptTokens(id) >= context) {
                refusals.add(
                        "prompt of about " + request.promptTokens(id) + " tokens exceeds the " + context + " of " + id);
            }
            if (request.tools() && !model.can(Capability.TOOLS)) {
                refusals.add(id + " takes no tools");
            }
        }
        if (!snapshot.available().test(id)) {
            refusals.add(id + " is not available now");
        }
        return refusals;
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

    private @Nullable Money predict(PriceVersion price, int promptTokens) {
        PriceBand band = price.band(promptTokens, request.at());
        BigDecimal input = part(band, Buckets.INPUT, promptTokens);
        BigDecimal output = part(band, Buckets.OUTPUT, outputTokens);
        UnitPrice fee = band.prices().get(Buckets.REQUEST);
        if (input == null || output == null) {
            return null;
        }
        BigDecimal fixed = fee == null
                ? BigDecimal.ZERO
                : fee.price().divide(fee.per(), Money.SCALE, RoundingMode.HALF_EVEN);
        return Money.rounded(input.add(output).add(fixed), price.currency());
    }

    private static @Nullable BigDecimal part(PriceBand band, String bucket, int tokens) {
        UnitPrice unit = band.prices().get(bucket);
        return unit == null
                ? null
                : unit.price()
                        .multiply(BigDecimal.valueOf(tokens))
                        .divide(unit.per(), Money.SCALE,
                                RoundingMode.HALF_EVEN);
    }

    /** @param overridden whether a person answers for the candidate's quality in place of a verdict */
    private List<Violation> violations(Assessment candidate, boolean overridden) {
        List<Violation> violations = new ArrayList<>();
        if (policy != null) {
            Constraints constraints = policy.constraints();
            if (!overridden) {
                constraints.accuracy().forEach(floor -> accuracy(candidate, floor, violations));
            }
            latency("latency first-token-p95", constraints.firstTokenP95(), candidate.firstTokenP95(), candidate, false,
                    violations);
            latency("latency total-p95", constraints.totalP95(), candidate.totalP95(), candidate, false, violations);
            cost("cost at-most", constraints.costAtMost(), candidate.predictedCost(), false, violations);
        }
        Overrides asked = request.overrides();
        if (asked.minAccuracy() != null) {
            atLeast("Pareto-Min-Accuracy", candidate, asked.minAccuracy(), true, violations);
        }
        latency("Pareto-Max-Latency-Ms", asked.maxLatency(), candidate.totalP95(), candidate, true, violations);
        cost("Pareto-Max-Cost-Usd", asked.maxCostUsd() == null ? null : Money.rounded(asked.maxCostUsd(), "USD"),
                candidate.predictedCost(), true, violations);
        return violations;
    }

    private void accuracy(Assessment candidate, AccuracyFloor floor, List<Violation> violations) {
        switch (floor) {
            case AccuracyFloor.Within within -> within(candidate, within, violations);
            case AccuracyFloor.AtLeast least ->
                atLeast("accuracy at-least", candidate, least.accuracy(), false, violations);
        }
    }

    private void within(Assessment candidate, AccuracyFloor.Within within, List<Violation> violations) {
        if (candidate.model().equals(within.reference())) {
            return;
        }
        Evidence evidence = Gate.newest(snapshot.verdicts().newest(route.name()), candidate.model(), within.reference(),
                snapshot.config().catalogue().simulated(within.reference()), request.at());
        if (evidence != null && Gate.supports(evidence, outcome(evidence), within.margin(), within.confidence())) {
            return;
        }
        double loss = evidence == null ? Double.POSITIVE_INFINITY : Math.max(0, -evidence.lower());
        boolean measured = evidence != null && loss > within.margin();
        violations.add(new Violation("accuracy within", Words.points(within.margin()) + " of " + within.reference(),
                measured ? Words.points(loss) : "unknown",
                measured && within.margin() > 0 ? loss / within.margin() - 1 : Double.POSITIVE_INFINITY, false));
    }

    private Outcome outcome(Evidence evidence) {
        SwapPlan plan = snapshot.config().swaps().get(route.name());
        return plan != null && plan.to().equals(evidence.candidate())
                ? plan.segments().outcome(evidence, request.tags())
                : evidence.outcome();
    }

    private void atLeast(String name, Assessment candidate, double least, boolean asked, List<Violation> violations) {
        Double accuracy = measuredAccuracy(candidate.model());
        if (accuracy == null && candidate.baseline()) {
            return;
        }
        if (accuracy == null || accuracy < least - 1e-9) {
            violations.add(new Violation(name, Words.share(least), accuracy == null ? "unknown" : Words.share(accuracy),
                    accuracy == null ? Double.POSITIVE_INFINITY : (least - accuracy) / least, asked));
        }
    }

    private @Nullable Double measuredAccuracy(ModelId id) {
        boolean simulated = route.baseline() != null && snapshot.config().catalogue().simulated(route.baseline());
        Evidence newest = snapshot.verdicts()
                .newest(route.name())
                .stream()
                .filter(evidence -> !evidence.expiredAt(request.at()) && (simulated || !evidence.simulated()))
                .filter(evidence -> evidence.candidate().equals(id)
                        ? evidence.candidateAccuracy() != null
                        : evidence.incumbent().equals(id) && evidence.incumbentAccuracy() != null)
                .max(Comparator.comparing(Evidence::createdAt))
                .orElse(null);
        return newest == null
                ? null
                : newest.candidate().equals(id) ? newest.candidateAccuracy() : newest.incumbentAccuracy();
    }

    private static void latency(String name, @Nullable Duration limit, @Nullable Duration predicted,
            Assessment candidate, boolean asked, List<Violation> violations) {
        if (limit == null || predicted == null || candidate.latencyObservations() < ENOUGH_OBSERVATIONS
                || predicted.compareTo(limit) <= 0) {
            return;
        }
        violations.add(new Violation(name, Words.of(limit), Words.of(predicted),
                (double) predicted.toNanos() / limit.toNanos() - 1, asked));
    }

    private static void cost(String name, @Nullable Money limit, @Nullable Money predicted, boolean asked,
            List<Violation> violations) {
        if (limit == null) {
            return;
        }
        if (predicted == null || !predicted.currency().equals(limit.currency())) {
            violations.add(new Violation(name, limit.toString(), "unknown", Double.POSITIVE_INFINITY, asked));
        } else if (predicted.compareTo(limit) > 0) {
            double excess = limit.amount().signum() == 0
                    ? Double.MAX_VALUE
                    : predicted.amount().doubleValue() / limit.amount().doubleValue() - 1;
            violations.add(new Violation(name, limit.toString(), predicted.toString(), excess, asked));
        }
    }
}
