/**
 * What a request will probably take and bring: latency quantiles that forget, prompt tokens from characters, answer lengths by route,
 * each candidate's probability of success. Fed by the gateway after each attempt, read by the decision; everything is safe for many
 * threads.
 */
@NullMarked
package dev.pareto.policies.predict;

import org.jspecify.annotations.NullMarked;
