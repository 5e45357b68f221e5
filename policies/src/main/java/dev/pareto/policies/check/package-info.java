/**
 * Looks at policies before they are deployed: what can never happen, what is missing, and in a sentence what each will do. Called by the
 * command line.
 */
@NullMarked
package dev.pareto.policies.check;

import org.jspecify.annotations.NullMarked;
