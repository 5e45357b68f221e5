/**
 * Where answers come from: a vendor over HTTP or a model inside this process, behind one interface; and the chain of attempts
 * over them, with time limits, retries, fall-backs and circuit breakers. Used by {@code route}; every attempt goes through
 * {@code meter}.
 */
@NullMarked
package dev.pareto.proxy.upstream;

import org.jspecify.annotations.NullMarked;
