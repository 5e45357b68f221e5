package dev.pareto.evals.grade;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * What judges said, vote by vote, beside the score that came of it.
 *
 * @param votes in the order in which they were asked for
 * @param latency of all calls together
 * @param cost of all calls together; null when that of any is unknown
 * @param characters length of the judged answer, for length bias
 */
public record Judgement(List<Vote> votes, Duration latency, @Nullable Money cost, int characters) {

    /** Where the judged answer stood. */
    public enum Place {
        /** It was the only one. */
        ALONE,
        /** It was shown before the other. */
        FIRST,
        /** It was shown after the other. */
        SECOND
    }

    /**
     * One call.
     *
     * @param judge who was asked
     * @param place where the judged answer stood
     * @param score 0 to 1 for the judged answer; null when the reply could not be read or there was none
     */
    public record Vote(ModelId judge, Place place, @Nullable Double score) {

        /** Checks what must be there. */
        public Vote {
            requireNonNull(judge, "judge is null");
            requireNonNull(place, "place is null");
        }
    }

    /** Copies the votes. */
    public Judgement {
        votes = List.copyOf(votes);
        requireNonNull(latency, "latency is null");
    }

    /** Both together. */
    public Judgement plus(Judgement other) {
        Money sum = cost == null || other.cost == null ? null : cost.plus(other.cost);
        return new Judgement(Stream.concat(votes.stream(), other.votes.stream()).toList(),
                latency.plus(other.latency), sum,
                Math.max(characters, other.characters));
    }
}
