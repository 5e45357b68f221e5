package dev.pareto.dashboards.prices;

import dev.pareto.dashboards.report.Amount;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The price book at a moment.
 *
 * @param days over which quantities were taken, up to now
 * @param sold what is sold, the dearest of these days first
 * @param proposals what catalogues report and nobody decided yet
 * @param decided what was decided lately, the newest first
 */
public record PriceBookView(Instant asOf, int days, String currency, List<Sold> sold, List<Proposed> proposals,
        List<Decided> decided) {

    public PriceBookView {
        sold = List.copyOf(sold);
        proposals = List.copyOf(proposals);
        decided = List.copyOf(decided);
    }

    /**
     * A proposal that was accepted or rejected.
     *
     * @param by who did, a person or the configuration's rule
     * @param reason null where none was given
     */
    public record Decided(String id, String sku, String tier, List<Change> changes, boolean accepted, Instant at,
            String by, @Nullable String reason) {}

    /**
     * One thing sold.
     *
     * @param spend what was billed for it in these days
     * @param versions newest first within a service tier
     */
    public record Sold(String sku, Amount spend, List<Version> versions) {}

    /** Whether a price holds. */
    public enum State {
        UPCOMING, CURRENT, PAST
    }

    /**
     * One version of its price.
     *
     * @param from since when
     * @param to until when; null while no end is known
     * @param basis why it is what it is: {@code list}, {@code contract}, …
     * @param source where it was read, and by whom it was accepted
     * @param effect for what is to come: what these days would have cost more (or less) at it; null when nothing tells
     */
    public record Version(String id, String tier, Instant from, @Nullable Instant to, String basis, String currency,
            String source, State state, List<Price> prices, @Nullable Amount effect) {}

    /**
     * One price.
     *
     * @param fromPromptTokens the smallest prompt that pays it
     * @param hours UTC, e.g. {@code 16:30-00:30}; empty for any
     * @param price for {@code per} units, exact
     */
    public record Price(String bucket, long fromPromptTokens, String hours, String price, String per) {}

    /**
     * A price that somebody has to decide on.
     *
     * @param from the moment that the catalogues name; null for none
     * @param sound whether the rule would accept it
     * @param effect what these days would have cost more (or less) at it; null when nothing of it was used
     */
    public record Proposed(String id, String sku, String tier, @Nullable Instant from, List<Change> changes,
            List<String> sources, List<String> findings, boolean sound, Instant proposedAt, @Nullable Amount effect) {}

    /** One price that would change; amounts for {@code per} units. */
    public record Change(String bucket, long fromPromptTokens, @Nullable String before, String after, String per,
            @Nullable String percent) {}
}
