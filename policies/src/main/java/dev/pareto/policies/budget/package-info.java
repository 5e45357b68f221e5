/**
 * What may be spent: whose money it is, in which period, and what happens at the limit. Read from the configuration by {@code policy};
 * the gateway enforces it and the dashboards report it. Plain data; knows neither the ledger nor a clock.
 */
@NullMarked
package dev.pareto.policies.budget;

import org.jspecify.annotations.NullMarked;
