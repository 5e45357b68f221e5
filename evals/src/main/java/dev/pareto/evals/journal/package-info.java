/**
 * What a run tells while it goes on and keeps when it has ended: one file for each run, written by whoever runs it and read by the
 * admin port, in another process as a rule. Figures are computed here, from the outcomes alone; pages only show them.
 */
@NullMarked
package dev.pareto.evals.journal;

import org.jspecify.annotations.NullMarked;
