/**
 * Suites from elsewhere: promptfoo, OpenAI's hosted evals and registry, lm-eval, Inspect, AlpacaEval and MT-bench. Each
 * importer makes a draft and a list of all that it left out; nothing is run and nothing is fetched. Caller: the command line.
 */
@NullMarked
package dev.pareto.evals.suite.importer;

import org.jspecify.annotations.NullMarked;
