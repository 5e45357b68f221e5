/**
 * Keeps experiments: where each stands, who takes part, what becomes known, and the looks that end them. The planner asks before it
 * decides; the admin port steers; nothing here is done on an event loop but look-ups in memory.
 */
@NullMarked
package dev.pareto.proxy.experiment;

import org.jspecify.annotations.NullMarked;
