/**
 * What learns: ridge regression, boosted trees and a calibration, over plain arrays. Called by {@code predict.accuracy};
 * knows nothing of prompts or models.
 */
@NullMarked
package dev.pareto.policies.predict.learn;

import org.jspecify.annotations.NullMarked;
