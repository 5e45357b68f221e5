package dev.pareto.policies.cascade;

import static java.util.Objects.requireNonNull;

/**
 * The verifier that a cascade learns.
 *
 * @param labels the file of labelled prompts that teaches it
 * @param threshold how sure it must be
 */
public record VerifierPlan(String labels, Threshold threshold) {

    /** How sure the verifier must be. */
    public sealed interface Threshold {}

    /**
     * Set by learn-then-test on labels that taught nothing: what is lost against the other model is within the margin.
     *
     * @param margin e.g. 0.05
     * @param confidence of the promise, e.g. 0.9
     */
    public record Promise(double margin, double confidence) implements Threshold {

        public Promise {
            if (!(margin > 0 && margin < 1)) {
                throw new IllegalArgumentException("margin must be above 0 pp and below 100 pp");
            }
            if (!(confidence > 0 && confidence < 1)) {
                throw new IllegalArgumentException("confidence must be above 0 % and below 100 %");
            }
        }
    }

    /**
     * Stated, and promising nothing: the forecast that the answer is good.
     *
     * @param probability e.g. 0.9
     */
    public record AtLeast(double probability) implements Threshold {

        public AtLeast {
            if (!(probability > 0 && probability < 1)) {
                throw new IllegalArgumentException("at-least must be above 0 % and below 100 %");
            }
        }
    }

    public VerifierPlan {
        requireNonNull(labels, "labels is null");
        requireNonNull(threshold, "threshold is null");
        if (labels.isBlank()) {
            throw new IllegalArgumentException("labels names a file of labelled prompts");
        }
    }
}
