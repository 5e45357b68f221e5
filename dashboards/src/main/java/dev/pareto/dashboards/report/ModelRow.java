package dev.pareto.dashboards.report;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one model did in a window.
 *
 * @param calls attempts, whatever became of them
 * @param answered attempts that gave a caller a full answer
 * @param costPerAnswer cost of all its attempts for each answer; null when it answered nobody
 * @param spendShare its part of the spend; null when nothing was spent
 * @param unpriced attempts whose cost is unknown
 * @param p50Millis median time to the full answer, null when there was none; within 2.5 %
 */
public record ModelRow(String model, String vendor, boolean simulated, long calls, long answered, long inputTokens,
        long cacheReadTokens, long outputTokens, Amount cost, @Nullable Amount costPerAnswer,
        @Nullable BigDecimal spendShare, long unpriced, @Nullable Long p50Millis, @Nullable Long p95Millis) {}
