package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.guard.Observation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What may happen to a swap. */
public sealed interface SwapEvent {

    /** Time has passed or a verdict was filed: whatever is due by the facts happens. */
    record Looked() implements SwapEvent {}

    /** A request that was answered by, or assigned to, one of the arms has ended. */
    record Seen(Observation observation) implements SwapEvent {

        public Seen {
            requireNonNull(observation, "observation is null");
        }
    }

    /**
     * An answer of the candidate was graded by whoever can: a person's feedback, a judge, what became of it.
     *
     * @param candidate 0 to 1
     * @param incumbent the other model's answer to the same request, 0 to 1; null when there is none
     */
    record Graded(double candidate, @Nullable Double incumbent) implements SwapEvent {

        public Graded {
            score(candidate);
            if (incumbent != null) {
                score(incumbent);
            }
        }

        private static void score(double score) {
            if (!(score >= 0 && score <= 1)) {
                throw new IllegalArgumentException("a score is between 0 and 1, got " + score);
            }
        }
    }

    /** A person agrees to the next step. */
    record Approved(String by, String reason) implements SwapEvent {}

    /** A person takes the traffic back. */
    record RolledBack(String by, String reason) implements SwapEvent {}

    /** A person stops all moves forward for a while. */
    record Frozen(String by, String reason, Instant until) implements SwapEvent {}

    /** A person sets the share for a while, whatever the evidence. */
    record Overridden(String by, String reason, Instant until, double share) implements SwapEvent {}

    /** A person gives the swap back to the machine. */
    record Released(String by, String reason) implements SwapEvent {}
}
