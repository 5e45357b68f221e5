package dev.pareto.policies.cascade;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a route declares of its cascade.
 *
 * @param first the open model that is asked first
 * @param escalateTo the model that answers where the first one's answer is doubted
 * @param gate what is judged before the caller sees anything
 * @param within the time that the first model has for what is judged; then the other one is asked
 * @param maxBytes of the first model's answer that are held back; a longer one is doubted
 * @param logprobs what its log-probabilities must be; null for no such test
 * @param second whose answer it must agree with; null for nobody's
 * @param verifier that reads question and answer; null for none
 * @param late what becomes of a doubted answer when no time is left to ask the other model
 * @param explore the share of requests that ask first even where that does not pay, so that a change is noticed
 */
public record CascadePlan(ModelId first, ModelId escalateTo, Gate gate, Duration within, long maxBytes,
        @Nullable LogprobBounds logprobs, @Nullable SecondOpinion second, @Nullable VerifierPlan verifier,
        WhenLate late, double explore) {

    public static final Duration USUAL_TIME = Duration.ofSeconds(30);
    public static final long USUAL_BYTES = 1_000_000;
    public static final double USUAL_EXPLORATION = 0.05;
    private static final long MOST_BYTES = 16_000_000;

    /** What is judged before the caller sees anything. */
    public sealed interface Gate {

        /** The whole answer: this alone is an exception to the gate of swaps. */
        record Whole() implements Gate {}

        /**
         * Of a stream so many tokens; what follows is not judged, so the first model must be let in by its swap.
         *
         * @param tokens at least 1
         */
        record FirstTokens(int tokens) implements Gate {

            public FirstTokens {
                if (tokens < 1 || tokens > 10_000) {
                    throw new IllegalArgumentException("first-tokens must be 1 to 10000, got " + tokens);
                }
            }
        }
    }

    /**
     * A second answer to the same question, asked for at the same time.
     *
     * @param model may be the first one
     * @param temperature its sampling; null leaves the caller's
     */
    public record SecondOpinion(ModelId model, @Nullable Double temperature) {

        public SecondOpinion {
            requireNonNull(model, "model is null");
            if (temperature != null && !(temperature > 0 && temperature <= 2)) {
                throw new IllegalArgumentException("temperature must be above 0 and at most 2, got " + temperature);
            }
        }
    }

    /** When the time that is left would not do for the other model. */
    public enum WhenLate {
        /** It is asked none the less: the answer comes late, but it is the right model's. */
        ESCALATE,
        /** The caller is told that no good answer was to be had in time. */
        REFUSE
    }

    public CascadePlan {
        requireNonNull(first, "first is null");
        requireNonNull(escalateTo, "escalateTo is null");
        requireNonNull(gate, "gate is null");
        requireNonNull(within, "within is null");
        requireNonNull(late, "late is null");
        if (first.equals(escalateTo)) {
            throw new IllegalArgumentException("a cascade goes from one model to another, and both are " + first);
        }
        if (within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("within must be above zero, got " + within);
        }
        if (maxBytes < 1_000 || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException("max-answer must be 1 kB to 16 MB, got " + maxBytes + " B");
        }
        if (!(explore >= 0 && explore <= 1)) {
            throw new IllegalArgumentException("explore must be 0 % to 100 %");
        }
        if (logprobs == null && second == null && verifier == null) {
            throw new IllegalArgumentException(
                    "the form of an answer says nothing of its worth; accept needs a verifier, a second opinion or bounds of its log-probabilities");
        }
        if (gate instanceof Gate.FirstTokens && (logprobs == null || second != null || verifier != null)) {
            throw new IllegalArgumentException(
                    "the first tokens can only be judged by their log-probabilities; a verifier and a second opinion need gate: whole");
        }
        if (second != null && second.model().equals(first) && second.temperature() == null) {
            throw new IllegalArgumentException(
                    "the same model asked twice in the same way agrees with itself; give the second a temperature");
        }
    }

    /** Whether an answer is judged as a whole before the caller sees any of it. */
    public boolean verifiesAll() {
        return gate instanceof Gate.Whole;
    }

    /** Whether what passes is shown to lose no more than this against the reference, with this confidence. */
    public boolean proves(ModelId reference, double margin, double confidence) {
        return verifiesAll() && reference.equals(escalateTo) && verifier != null
                && verifier.threshold() instanceof VerifierPlan.Promise promise && promise.margin() <= margin + 1e-9
                && promise.confidence() >= confidence - 1e-9;
    }
}
