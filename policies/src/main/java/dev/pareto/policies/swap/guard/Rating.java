package dev.pareto.policies.swap.guard;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Somebody's word on one live answer.
 *
 * @param arm whose answer it is
 * @param source {@link Guard#FEEDBACK} or {@link Guard#JUDGED}: each has a scale of its own
 * @param score 0 to 1
 * @param answeredAt when the answer was asked for; one of an earlier life of the swap says nothing of this one
 * @param mark the store's number of it, from 1 and growing, so that a restart takes none twice; 0 for what is not on file
 */
public record Rating(Arm arm, Guard source, double score, Instant answeredAt, long mark) {

    public Rating {
        requireNonNull(arm, "arm is null");
        requireNonNull(answeredAt, "answeredAt is null");
        if (source != Guard.FEEDBACK && source != Guard.JUDGED) {
            throw new IllegalArgumentException("ratings are feedback or judged, not " + source.id());
        }
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("a score is between 0 and 1, got " + score);
        }
    }
}
