/**
 * By what score prompts are escalated, and the threshold that keeps a promised floor: learn-then-test, conformal risk control. Called by
 * whoever measures routers and by the predictors that are live; knows of neither.
 */
@NullMarked
package dev.pareto.policies.predict.floor;

import org.jspecify.annotations.NullMarked;
