/**
 * What an experiment has found so far: differences with intervals that hold at every look, guards, the check of the split, and whether it
 * should go on. Pure functions over the requests that took part; callers: whoever keeps experiments.
 */
@NullMarked
package dev.pareto.evals.experiment;

import org.jspecify.annotations.NullMarked;
