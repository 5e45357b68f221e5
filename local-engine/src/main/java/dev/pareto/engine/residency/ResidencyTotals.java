package dev.pareto.engine.residency;

/**
 * All models together.
 *
 * @param takes what the models in memory take at most, those being loaded included
 * @param limits in force
 * @param loads that went well since the start
 * @param failures loads that did not, refusals for want of memory included
 * @param unloads since the start
 */
public record ResidencyTotals(Footprint takes, ResidencyLimits limits, long loads, long failures, long unloads) {}
