package dev.pareto.policies.swap.guard;

import java.util.Locale;

/** What may take traffic back. */
public enum Guard {
    /** Requests that the candidate did not answer, whoever answered them in the end. */
    ERRORS,
    /** Answers that are not of the form that was asked for. */
    FORMAT,
    /** Answers cut off at the length limit. */
    TRUNCATED,
    /** Requests that took longer than the limit, from arrival to the last byte. */
    LATENCY,
    /** Answers graded as the evidence was: what is missing to the full score. */
    QUALITY,
    /** What callers say of answers: what is missing to the full score. */
    FEEDBACK,
    /** What a judge says of live answers: what is missing to the full score. */
    JUDGED,
    /** Graded pairs: the candidate's score against the incumbent's on the same request. */
    DRIFT;

    /** {@code latency}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
