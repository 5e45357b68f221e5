/**
 * Which vendors and models exist, where they are reached and what they can do. Immutable values, built by the configuration
 * reader; every module may read them.
 */
@NullMarked
package dev.pareto.policies.catalog;

import org.jspecify.annotations.NullMarked;
