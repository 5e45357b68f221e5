/**
 * What own machines cost: their hourly rate from what was paid for them, each request's share of their time, and the idle rest as a
 * line of its own. The gateway's meter calls it; time is an argument.
 */
@NullMarked
package dev.pareto.policies.price.hosting;

import org.jspecify.annotations.NullMarked;
