package dev.pareto.evals.journal;

import dev.pareto.evals.run.Run;
import dev.pareto.policies.price.Money;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as its journal tells it.
 *
 * @param state whether it is under way, has ended by itself, or was cut off
 * @param pairs in the order in which the items were first answered; of a comparison that a sequential test ended, those it
 *     rests on
 * @param evidence how far a sequential test is on its way to a decision, 0 to 1; null when there is none
 * @param lastAt when the journal grew last
 * @param endedAt null unless it ended
 * @param stop why it ended; null unless it did
 * @param verdict the id of what came of it; null when nothing did
 * @param beside what was paid for calls beside it, the noise floor's; null when nothing
 * @param late pairs that came after the sequential test had its answer: paid, but they count for nothing
 */
public record RunRecord(RunHeader header, State state, List<Pair> pairs, @Nullable Double evidence, Instant lastAt,
        @Nullable Instant endedAt, Run.@Nullable Stop stop, @Nullable String verdict,
        @Nullable Money beside, List<Pair> late) {

    /** Where a run is in its life. */
    public enum State {
        RUNNING, ENDED, CUT_OFF
    }

    public RunRecord {
        pairs = List.copyOf(pairs);
        late = List.copyOf(late);
    }

    /** The pair of that item; null when none is there yet. */
    public @Nullable Pair pair(String item) {
        return pairs.stream().filter(pair -> pair.item().equals(item)).findFirst().orElse(null);
    }

    /** How many items went which way; only the kinds that runs of this many models have. */
    public static Map<Kind, Integer> kinds(List<Pair> pairs, boolean compares) {
        Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            if (kind.of(compares)) {
                kinds.put(kind, 0);
            }
        }
        pairs.forEach(pair -> kinds.merge(pair.kind(compares), 1, Integer::sum));
        return kinds;
    }

    /**
     * One item with what the models made of it.
     *
     * @param candidate the only model's, when there is one; null when it has not answered yet
     * @param incumbent null when it has not answered yet, or there is none
     */
    public record Pair(String item, @Nullable String stratum, @Nullable String cluster, @Nullable Mark candidate,
            @Nullable Mark incumbent) {

        Pair with(Mark mark) {
            return mark.model() == 0
                    ? new Pair(item, stratum, cluster, mark, incumbent)
                    : new Pair(item, stratum, cluster, candidate, mark);
        }

        static Pair of(Mark mark) {
            return new Pair(mark.item(), mark.stratum(), mark.cluster(), null, null).with(mark);
        }

        /** Model 0's or model 1's side. */
        public @Nullable Mark side(int model) {
            return model == 0 ? candidate : incumbent;
        }

        /** How the models fared. A score below the full one is not right. */
        public Kind kind(boolean compares) {
            if (candidate == null || (compares && incumbent == null)) {
                return Kind.WAITING;
            }
            if (!candidate.graded() || (incumbent != null && !incumbent.graded())) {
                return Kind.UNGRADED;
            }
            if (incumbent == null) {
                return candidate.right() ? Kind.RIGHT : Kind.WRONG;
            }
            if (candidate.right()) {
                return incumbent.right() ? Kind.BOTH : Kind.ONLY_CANDIDATE;
            }
            return incumbent.right() ? Kind.ONLY_INCUMBENT : Kind.NEITHER;
        }
    }

    /** How an item went. */
    public enum Kind {
        BOTH, ONLY_CANDIDATE, ONLY_INCUMBENT, NEITHER,
        /** Of a run of one model. */
        RIGHT,
        /** Of a run of one model. */
        WRONG,
        /** A grader failed or an answer is missing. */
        UNGRADED,
        /** A model has not answered yet. */
        WAITING;

        /** Whether runs of this many models have it. */
        boolean of(boolean compares) {
            return switch (this) {
                case BOTH, ONLY_CANDIDATE, ONLY_INCUMBENT, NEITHER -> compares;
                case RIGHT, WRONG -> !compares;
                case UNGRADED, WAITING -> true;
            };
        }
    }
}
