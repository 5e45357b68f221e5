package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;

/** How good a candidate must be; shares are fractions. */
public sealed interface AccuracyFloor {

    /** What an accuracy is told by. */
    enum Basis {
        /** What evals measured on the route's suites. */
        ROUTE,
        /** What is predicted of this one prompt. */
        PROMPT,
        /** The prediction where there is one, else the measurement. */
        EITHER
    }

    /**
     * Not much worse than a reference.
     *
     * @param margin how much worse is allowed, e.g. 0.02
     * @param reference the model compared with
     * @param confidence of the claim, e.g. 0.95
     * @param basis a verdict about the route, or learn-then-test for each prompt; never {@link Basis#EITHER}
     */
    record Within(double margin, ModelId reference, double confidence, Basis basis) implements AccuracyFloor {

        public Within {
            requireNonNull(reference, "reference is null");
            requireNonNull(basis, "basis is null");
            if (!(margin >= 0 && margin <= 1)) {
                throw new IllegalArgumentException("within must be between 0 pp and 100 pp, got " + margin);
            }
            if (!(confidence > 0 && confidence < 1)) {
                throw new IllegalArgumentException("confidence must be above 0 % and below 100 %, got " + confidence);
            }
            if (basis == Basis.EITHER) {
                throw new IllegalArgumentException("a comparison is made per route or per prompt");
            }
            if (basis == Basis.PROMPT && !(margin > 0 && margin < 1)) {
                throw new IllegalArgumentException("within must be above 0 pp and below 100 pp where it holds per "
                        + "prompt: nothing can be promised of prompts without a margin");
            }
        }

        /** Held by verdicts. */
        public Within(double margin, ModelId reference, double confidence) {
            this(margin, reference, confidence, Basis.ROUTE);
        }
    }

    /**
     * At least some accuracy.
     *
     * @param accuracy e.g. 0.92
     */
    record AtLeast(double accuracy, Basis basis) implements AccuracyFloor {

        public AtLeast {
            requireNonNull(basis, "basis is null");
            if (!(accuracy >= 0 && accuracy <= 1)) {
                throw new IllegalArgumentException("at-least must be between 0 % and 100 %, got " + accuracy);
            }
        }

        /** By whatever is known best. */
        public AtLeast(double accuracy) {
            this(accuracy, Basis.EITHER);
        }
    }
}
