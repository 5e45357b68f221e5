package dev.pareto.dashboards.web;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.report.DecisionRow;
import dev.pareto.dashboards.report.ModelRow;
import dev.pareto.dashboards.report.SpendSeries;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@code GET /api/overview}. Money is decimal strings of {@code currency}; shares and changes are fractions.
 *
 * @param to the end of the step in which now lies
 * @param summary the figures in a sentence or two
 */
public record Overview(String period, Instant from, Instant to, Instant generatedAt, String currency, Figures figures,
        Trust trust, String summary, SpendSeries series, List<ModelRow> models, List<DecisionRow> decisions) {

    public Overview {
        models = List.copyOf(models);
        decisions = List.copyOf(decisions);
    }

    /**
     * The head of the page. A change is against the window of the same length before; null when there was nothing then.
     *
     * @param unanswered requests that vendors failed: no full answer although their caller stayed
     * @param refused requests that a vendor called wrong (a 4xx but 408 and 429), outside of the success rate
     * @param compared what the attempts that have a baseline did cost; {@code saved = baseline - compared}
     * @param open attempts under way now
     */
    public record Figures(Amount spend, @Nullable BigDecimal spendChange, Amount baseline, Amount compared,
            Amount saved, @Nullable BigDecimal savedShare, long requests, @Nullable BigDecimal requestsChange,
            @Nullable BigDecimal successRate, long answered, long unanswered, long refused, long callerLeft,
            long attempts,
            long settled,
            long aborted, long failed, long expired, long open, long inputTokens, long cacheReadTokens,
            long outputTokens) {}

    /**
     * How far the figures can be relied on.
     *
     * @param reportedShare the part of the spend that rests on the vendors' own counts; null when nothing was spent
     * @param unpriced attempts without a price, in no sum
     * @param otherCurrency attempts in another currency, in no sum
     * @param lastWrite null while the ledger is empty
     */
    public record Trust(@Nullable BigDecimal reportedShare, @Nullable BigDecimal estimatedShare, Amount estimatedSpend,
            long estimated, long unpriced, @Nullable BigDecimal simulatedShare, Amount simulatedSpend, long simulated,
            long otherCurrency, @Nullable Instant lastWrite) {}
}
