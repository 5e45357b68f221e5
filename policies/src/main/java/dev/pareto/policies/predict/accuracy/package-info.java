/**
 * How likely each model answers a prompt well: before anything is sent, or with a cheap answer at hand. Trained from labels of
 * the tenant's own; called by {@code route} and by whoever decides. Keeps no text.
 */
@NullMarked
package dev.pareto.policies.predict.accuracy;

import org.jspecify.annotations.NullMarked;
