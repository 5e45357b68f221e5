/**
 * Suites from live traffic: prompts of routes that opted in rest encrypted until they expire, are masked, stratified and
 * frozen into a suite, and get labels from people where two models disagree. Callers: the gateway's hook and the command line.
 */
@NullMarked
package dev.pareto.evals.suite.sample;

import org.jspecify.annotations.NullMarked;
