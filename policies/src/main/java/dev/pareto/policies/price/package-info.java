/**
 * Exact money: usage in disjoint buckets, price versions with effective dates, and the cost of one by the other. Values and pure
 * functions; every module may call it. An unknown price stays unknown, it never becomes zero.
 */
@NullMarked
package dev.pareto.policies.price;

import org.jspecify.annotations.NullMarked;
