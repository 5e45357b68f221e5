/**
 * Watches what a change of policy brings after it was put in force, against what was before, and says when it has to be undone. Called by
 * the command line; values only.
 */
@NullMarked
package dev.pareto.policies.promote;

import org.jspecify.annotations.NullMarked;
