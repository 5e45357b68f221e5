package dev.pareto.policies.predict.live;

/** Where a label comes from. */
public enum LabelSource {

    /** A graded case of an eval run: every model of the run answered it. Its prompts are the suite's, not the traffic's. */
    EVAL,
    /** A judge's word on both models' answers to one live request. */
    SHADOW,
    /** A judge's word on the one answer that the caller had. */
    JUDGED,
    /** The caller's own score. */
    FEEDBACK;

    /** Whether what was labelled is a request of the route itself. */
    public boolean traffic() {
        return this != EVAL;
    }
}
