package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One number that a caller gave for one answer.
 *
 * @param id growing in the order of arrival; 0 before it is kept
 * @param name {@link #SCORE}, or of a metric of the caller's own
 * @param model who answered
 * @param answeredAt when the answer was asked for
 * @param comment null where none was given, or none is kept
 * @param parts the swaps in which the answer had a part, as decided then
 */
public record StoredFeedback(long id, Instant at, String requestId, String name, double value, String tenant,
        String route, ModelId model, Instant answeredAt, @Nullable String comment, List<Part> parts) {

    /** The name of the number that guards go by. */
    public static final String SCORE = "score";

    /**
     * A part in a swap.
     *
     * @param arm CANDIDATE or INCUMBENT
     * @param state of the swap when the answer was decided
     */
    public record Part(ModelId candidate, String segment, String arm, String state) {

        public Part {
            requireNonNull(candidate, "candidate is null");
            requireNonNull(segment, "segment is null");
            requireNonNull(arm, "arm is null");
            requireNonNull(state, "state is null");
        }
    }

    public StoredFeedback {
        requireNonNull(at, "at is null");
        requireNonNull(requestId, "requestId is null");
        requireNonNull(name, "name is null");
        requireNonNull(tenant, "tenant is null");
        requireNonNull(route, "route is null");
        requireNonNull(model, "model is null");
        requireNonNull(answeredAt, "answeredAt is null");
        parts = List.copyOf(parts);
    }
}
