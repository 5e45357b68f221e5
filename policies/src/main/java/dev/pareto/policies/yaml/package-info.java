/**
 * YAML with places: every value knows its file, line and column, so that a refusal can say where and how to mend it. Used by the readers
 * of this module only.
 */
@NullMarked
package dev.pareto.policies.yaml;

import org.jspecify.annotations.NullMarked;
