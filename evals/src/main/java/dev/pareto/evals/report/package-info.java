/**
 * What people read of a run or a comparison: terminal text, Markdown and JSON. Callers: the command line and the pages.
 */
@NullMarked
package dev.pareto.evals.report;

import org.jspecify.annotations.NullMarked;
