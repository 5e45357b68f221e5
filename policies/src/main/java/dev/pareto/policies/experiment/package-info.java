/**
 * Experiments: what is compared, who belongs to which arm, and the life of an experiment as pure values. Called by the planner before it
 * decides and by whoever keeps experiments; the statistics are in {@code dev.pareto.evals.experiment}.
 */
@NullMarked
package dev.pareto.policies.experiment;

import org.jspecify.annotations.NullMarked;
