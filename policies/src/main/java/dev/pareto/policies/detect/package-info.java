/**
 * Is what is served still what was measured? E-detectors with a stated false-alarm rate for rates and for graded pairs, the check that
 * traffic is split as configured, and the one that requests are still of the kind that was measured. Immutable values, which the swap
 * life cycle keeps in its store.
 */
@NullMarked
package dev.pareto.policies.detect;

import org.jspecify.annotations.NullMarked;
