package dev.pareto.policies.swap.guard;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one request went, told of the model that it was assigned to: a candidate that failed and was helped out by another one failed.
 *
 * @param arm the assignment
 * @param newUnit whether its unit (caller, conversation) was not seen before
 * @param failed whether that model gave no answer; null when the caller left before that could be told
 * @param malformed whether the answer lacks the form asked for; null when none was asked for or there is no answer
 * @param truncated whether it was cut off at the length limit; null when there is no answer
 * @param took from arrival to the last byte, or as long as the caller waited where that was too long already; null when unknown
 */
public record Observation(Arm arm, boolean newUnit, @Nullable Boolean failed, @Nullable Boolean malformed,
        @Nullable Boolean truncated, @Nullable Duration took) {

    public Observation {
        requireNonNull(arm, "arm is null");
    }
}
