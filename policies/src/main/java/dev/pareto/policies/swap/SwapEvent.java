package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.guard.Observation;
import dev.pareto.policies.swap.guard.Rating;
import java.time.Instant;
import java.util.Map;
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
     * An answer of the candidate was graded as the evidence was, by whoever can.
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

    /** A caller or a judge rated one live answer of either arm. */
    record Rated(Rating rating) implements SwapEvent {

        public Rated {
            requireNonNull(rating, "rating is null");
        }
    }

    /**
     * A judge held both models' answers to one request against each other.
     *
     * @param difference the candidate's score less the incumbent's, -1 to 1
     */
    record Compared(double difference) implements SwapEvent {

        public Compared {
            if (!(difference >= -1 && difference <= 1)) {
                throw new IllegalArgumentException("a difference of scores is between -1 and 1, got " + difference);
            }
        }
    }

    /** A request of this kind was asked, whoever answers it: the value of each feature, e.g. {@code language} to {@code en}. */
    record Asked(Map<String, String> features) implements SwapEvent {

        public Asked {
            features = Map.copyOf(features);
        }
    }

    /**
     * A person agrees to the next step.
     *
     * @param skipsWaiting whether also to one that is not due yet by time and answers; that needs a reason
     */
    record Approved(String by, String reason, boolean skipsWaiting) implements SwapEvent {

        /** To the step that is due. */
        public Approved(String by, String reason) {
            this(by, reason, false);
        }
    }

    /** A person takes the traffic back. */
    record RolledBack(String by, String reason) implements SwapEvent {}

    /** A person stops all moves forward for a while. */
    record Frozen(String by, String reason, Instant until) implements SwapEvent {}

    /** A person sets the share for a while, whatever the evidence. */
    record Overridden(String by, String reason, Instant until, double share) implements SwapEvent {}

    /** A person gives the swap back to the machine. */
    record Released(String by, String reason) implements SwapEvent {}
}
