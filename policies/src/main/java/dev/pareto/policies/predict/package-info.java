/**
 * What a request will probably take: latency quantiles that forget, prompt tokens from characters, answer lengths by route. Fed by the
 * gateway after each attempt, read by the decision; everything is safe for many threads.
 */
@NullMarked
package dev.pareto.policies.predict;

import org.jspecify.annotations.NullMarked;
