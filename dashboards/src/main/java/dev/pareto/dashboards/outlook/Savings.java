package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway saved: modelled from the same tokens at the baseline's price, and measured on requests that were left with the
 * baseline at random.
 *
 * @param modelled of everything in the period
 * @param parts of {@code baseline - billed}; they add up to it
 * @param routes the same by route, largest saving first
 * @param measured null where there is nothing to measure by; {@code why} says why
 */
public record Savings(Frame frame, Modelled modelled, List<Part> parts, List<RouteSaving> routes,
        @Nullable MeasuredSaving measured,
        @Nullable String why) implements Report {

    public Savings {
        parts = List.copyOf(parts);
        routes = List.copyOf(routes);
    }

    /** Where a part of the saving comes from, as far as the ledger tells. */
    public enum Source {
        /** Answers that the gateway's cache gave again. */
        GATEWAY_CACHE,
        /** Models on machines of the house. */
        OWN_MACHINES,
        /** Other models of vendors; their caches, tiers and contracts are in it, for the baseline is at list. */
        OTHER_MODELS
    }

    /**
     * A part of the saving.
     *
     * @param saved what the baselines would have cost for these calls, less what they did cost
     */
    public record Part(Source source, long calls, Amount saved) {}

    /**
     * @param baseline what the baselines would have cost, where they are known
     * @param billed what those same calls did cost
     * @param overhead what calls cost that no caller got the answer of: judges, shadows, classifiers, a cascade's rejected drafts and second
     *            opinions
     * @param net {@code baseline - billed - overhead}; negative when the gateway cost more
     * @param share of the baseline; null without one
     * @param notCompared spend of calls that have no baseline, in no saving
     */
    public record Modelled(Amount baseline, Amount billed, Amount overhead, Amount net, @Nullable BigDecimal share,
            Amount notCompared) {}

    /** @param route its name */
    public record RouteSaving(String route, Modelled modelled, @Nullable MeasuredRoute measured) {}

    /**
     * @param since the first request that chance was asked about, or the period's start if later
     * @param saved over all requests that were not held out, with its 95 % interval
     * @param share of what they would have cost without the gateway
     * @param modelled the modelled saving of the same routes since then
     * @param delivered the share of held-out requests that the baseline did serve
     * @param unpriced requests left out because a call's cost is unknown, or billed in another currency
     */
    public record MeasuredSaving(Instant since, Amount saved, Amount lower, Amount upper, @Nullable BigDecimal share,
            Amount modelled, @Nullable BigDecimal delivered, long unpriced, long heldRequests, long comparedRequests) {}

    /** @param heldCost mean cost of a request held out; {@code comparedCost} of one beside it */
    public record MeasuredRoute(long heldUnits, long heldRequests, long comparedUnits, long comparedRequests,
            Amount heldCost, Amount comparedCost, long requests, Amount saved, Amount lower, Amount upper) {}

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (RouteSaving it : routes) {
            MeasuredRoute found = it.measured();
            rows.add(Sheet.row(it.route(), it.modelled().baseline().value(), it.modelled().billed().value(),
                    it.modelled().overhead().value(), it.modelled().net().value(),
                    found == null ? null : found.saved().value(), found == null ? null : found.lower().value(),
                    found == null ? null : found.upper().value(), found == null ? null : found.heldUnits(),
                    found == null ? null : found.comparedUnits()));
        }
        return new Sheet("savings",
                List.of("route", "baseline", "billed", "overhead", "modelled", "measured", "lower95",
                        "upper95", "held_units", "compared_units"),
                rows);
    }
}
