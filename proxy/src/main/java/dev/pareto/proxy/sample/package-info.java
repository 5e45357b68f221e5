/**
 * Keeps prompts of the routes that opted in, encrypted and for a while, so that suites can be cut from them. Called between
 * the planner and the attempts; never slows or breaks a request.
 */
@NullMarked
package dev.pareto.proxy.sample;

import org.jspecify.annotations.NullMarked;
