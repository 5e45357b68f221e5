package dev.pareto.policies.predict;

/** Whether a candidate may keep a prompt under an accuracy floor. */
public sealed interface FloorAnswer {

    /**
     * It may.
     *
     * @param score how much the reference is expected to gain on this prompt, in [-1, 1]
     * @param threshold prompts below it stay
     * @param labels how many labels the threshold rests on
     */
    record Kept(double score, double threshold, int labels) implements FloorAnswer {}

    /**
     * The reference is expected to gain too much on this prompt.
     *
     * @param score how much, in [-1, 1]
     * @param threshold prompts below it stay; negative infinity where no threshold keeps the promise
     * @param labels how many labels the threshold rests on
     */
    record Escalated(double score, double threshold, int labels) implements FloorAnswer {}

    /**
     * Nothing can be promised yet; the reference answers.
     *
     * @param labels of prompts that both models answered
     * @param missing how many more it takes at least
     */
    record TooFewLabels(int labels, int missing) implements FloorAnswer {}

    /** The route has no predictor of both models, or the threshold of this pair is still being computed. */
    record NotLearnt() implements FloorAnswer {}
}
