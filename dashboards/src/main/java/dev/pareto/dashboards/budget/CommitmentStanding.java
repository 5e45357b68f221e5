package dev.pareto.dashboards.budget;

import dev.pareto.policies.budget.Commitment;
import org.jspecify.annotations.Nullable;

/**
 * Where a commitment stands.
 *
 * @param month what its models have taken in the running month; null before it begins and after it ends
 */
public record CommitmentStanding(Commitment commitment, @Nullable Standing month) {}
