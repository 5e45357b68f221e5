package dev.pareto.policies.predict.live;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;

/**
 * With this confidence a candidate loses no more than the margin against the reference.
 *
 * @param margin the share of prompts, in (0, 1)
 * @param confidence in (0, 1)
 */
public record Promise(ModelId candidate, ModelId reference, double margin, double confidence) {

    public Promise {
        requireNonNull(candidate, "candidate is null");
        requireNonNull(reference, "reference is null");
        if (!(margin > 0 && margin < 1 && confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "margin and confidence are between 0 and 1, not " + margin + " and " + confidence);
        }
    }
}
