/**
 * Conditions of rules, written in CEL (<a href="https://cel.dev">cel.dev</a>): compiled and type-checked once, when the configuration is
 * read, evaluated within bounds for each request. Used by the readers and by the decision; the CEL library is known here alone.
 */
@NullMarked
package dev.pareto.policies.condition;

import org.jspecify.annotations.NullMarked;
