package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A threshold that was reached, once for each period.
 *
 * @param period the start of the period
 * @param threshold a share of the amount; 1 is all of it
 * @param spent when it was seen
 * @param next when it is to be delivered; null when it was, when nobody is to be told, or when it was given up
 * @param tries made to deliver it
 * @param delivered null when it was not
 * @param detail what came of the last try
 */
public record BudgetAlert(String budget, Instant period, BigDecimal threshold, Instant reached, Amount spent,
        Amount limit, @Nullable Instant next, int tries, @Nullable Instant delivered, String detail) {}
