/**
 * Verdicts: the recorded answer to "is the candidate good enough to take the incumbent's place?", with everything that
 * a stranger needs to compute it again. Callers: the command line; {@code toEvidence} is what the policy engine obeys.
 */
@NullMarked
package dev.pareto.evals.verdict;

import org.jspecify.annotations.NullMarked;
