package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the world says when an event happens.
 *
 * @param evidence the newest that counts for this swap; null when there is none
 * @param fingerprint of the model that would serve; null when unknown, which trusts the evidence
 */
public record Facts(@Nullable Evidence evidence, @Nullable String fingerprint, Instant now) {

    public Facts {
        requireNonNull(now, "now is null");
    }
}
