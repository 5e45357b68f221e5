/**
 * Is what is served still what was measured? Change detectors with a stated false-alarm rate, and the check that traffic is split as
 * configured. Immutable values, so that the swap life cycle and experiments can keep them in an atomic reference and in a store.
 */
@NullMarked
package dev.pareto.policies.detect;

import org.jspecify.annotations.NullMarked;
