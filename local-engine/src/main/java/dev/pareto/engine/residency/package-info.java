/**
 * Which models are in memory: loaded when first asked for, kept while leased, unloaded when unused or when others need the
 * room. Knows nothing of files and weights, only what each model needs and how it is loaded. Called by the gateway's
 * local upstream.
 */
@NullMarked
package dev.pareto.engine.residency;

import org.jspecify.annotations.NullMarked;
