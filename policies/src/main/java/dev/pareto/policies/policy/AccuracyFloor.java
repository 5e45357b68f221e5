package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;

/** How good a candidate must be; shares are fractions. */
public sealed interface AccuracyFloor {

    /**
     * Not much worse than a reference.
     *
     * @param margin how much worse is allowed, e.g. 0.02
     * @param reference the model compared with
     * @param confidence of the claim, e.g. 0.95
     */
    record Within(double margin, ModelId reference, double confidence) implements AccuracyFloor {

        public Within {
            requireNonNull(reference, "reference is null");
            if (!(margin >= 0 && margin <= 1)) {
                throw new IllegalArgumentException("within must be between 0 pp and 100 pp, got " + margin);
            }
            if (!(confidence > 0 && confidence < 1)) {
                throw new IllegalArgumentException("confidence must be above 0 % and below 100 %, got " + confidence);
            }
        }
    }

    /**
     * At least a measured accuracy.
     *
     * @param accuracy e.g. 0.92
     */
    record AtLeast(double accuracy) implements AccuracyFloor {

        public AtLeast {
            if (!(accuracy >= 0 && accuracy <= 1)) {
                throw new IllegalArgumentException("at-least must be between 0 % and 100 %, got " + accuracy);
            }
        }
    }
}
