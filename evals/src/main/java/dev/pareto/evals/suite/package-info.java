/**
 * Suites: what is asked, how answers are graded and which decision they serve, read from {@code suite.yaml} and
 * {@code items.jsonl} with every error naming its file, line and cure. Callers: {@code run}, {@code verdict} and the command line.
 */
@NullMarked
package dev.pareto.evals.suite;

import org.jspecify.annotations.NullMarked;
