package dev.pareto.evals.verdict;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.StoredAnswer;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * What a verdict is computed from: one item, both models.
 *
 * @param id the item
 * @param cluster its cluster, when it has one
 * @param stratum its stratum, when it has one
 * @param critical whether the candidate may not fail here at all
 * @param candidate the candidate's side
 * @param incumbent the incumbent's side
 */
public record PairRecord(String id, @Nullable String cluster, @Nullable String stratum, boolean critical,
        Side candidate, Side incumbent) {

    /** Checks what must be there. */
    public PairRecord {
        requireNonNull(id, "id is null");
        requireNonNull(candidate, "candidate is null");
        requireNonNull(incumbent, "incumbent is null");
    }

    /** An item like any other. */
    public PairRecord(String id, @Nullable String cluster, @Nullable String stratum, Side candidate, Side incumbent) {
        this(id, cluster, stratum, false, candidate, incumbent);
    }

    /**
     * One model's side of an item.
     *
     * @param score 0 to 1; null when there was no answer or the grader failed
     * @param human what a person says the same answer deserves, 0 to 1; null when no person was asked
     * @param formatFailure whether the answer lacked the expected shape
     * @param truncated whether the answer was cut off at its longest
     * @param refused whether the model declined to answer
     * @param failedGraders graders that the answer did not pass
     * @param latencyMillis null when unknown or not the model's own
     * @param cost null when unknown
     * @param served who answered by its own account; null when unknown
     * @param error why there is no answer
     */
    public record Side(@Nullable Double score, @Nullable Double human, boolean formatFailure, boolean truncated,
            boolean refused, Set<String> failedGraders, @Nullable Double latencyMillis, @Nullable Money cost,
            @Nullable Served served, @Nullable String error) {

        /** Checks the ranges and copies. */
        public Side {
            failedGraders = Set.copyOf(failedGraders);
            requireScore("score", score);
            requireScore("human", human);
        }

        private static void requireScore(String what, @Nullable Double score) {
            if (score != null && !(score >= 0 && score <= 1)) {
                throw new IllegalArgumentException(what + " " + score + " is not within 0 and 1");
            }
        }

        /** A whole answer that was no refusal. */
        public Side(@Nullable Double score, boolean formatFailure, Set<String> failedGraders,
                @Nullable Double latencyMillis, @Nullable Money cost, @Nullable String error) {
            this(score, null, formatFailure, false, false, failedGraders, latencyMillis, cost, null, error);
        }

        /** A side of which only the score is known. */
        public static Side scored(@Nullable Double score) {
            return new Side(score, false, Set.of(), null, null, null);
        }

        /** The same with a person's word on the answer. */
        Side labelled(@Nullable Double word) {
            return new Side(score, word, formatFailure, truncated, refused, failedGraders, latencyMillis, cost, served,
                    error);
        }

        static Side of(ItemOutcome outcome) {
            Set<String> failed = outcome.grades()
                    .entrySet()
                    .stream()
                    .filter(entry -> !entry.getValue().pass())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            StoredAnswer stored = outcome.answer();
            Answer answer = stored == null ? null : stored.answer();
            return new Side(outcome.score(), null, outcome.formatFailure(), answer != null && answer.truncated(),
                    answer != null && answer.refused(), failed,
                    answer == null || answer.cacheHit() ? null : (Double) (answer.latency().toNanos() / 1e6),
                    answer == null ? null : answer.cost(),
                    answer == null
                            ? null
                            : new Served(answer.servedModel(), answer.fingerprint(), answer.simulated()),
                    outcome.error());
        }
    }

    /**
     * Who gave an answer.
     *
     * @param model by its own account
     * @param fingerprint of weights, template and host; null when it told none
     * @param simulated whether a stand-in answered for the vendor
     */
    public record Served(String model, @Nullable String fingerprint, boolean simulated) {

        /** Checks the model. */
        public Served {
            requireNonNull(model, "model is null");
        }
    }

    /** Joins the runs of a comparison item by item, in the order in which they were asked. */
    public static List<PairRecord> of(Comparison comparison) {
        Map<String, ItemOutcome> incumbents = new HashMap<>();
        comparison.incumbent().outcomes().forEach(outcome -> incumbents.put(outcome.item().id(), outcome));
        List<PairRecord> records = new ArrayList<>();
        for (ItemOutcome candidate : comparison.candidate().outcomes()) {
            ItemOutcome incumbent = incumbents.get(candidate.item().id());
            if (incumbent != null) {
                records.add(new PairRecord(candidate.item().id(), candidate.item().cluster(),
                        candidate.item().stratum(), candidate.item().critical(), Side.of(candidate),
                        Side.of(incumbent)));
            }
        }
        return records;
    }

    /**
     * Whether the pair says anything: without the incumbent's score it is dropped for both and counted as missing.
     */
    boolean usable() {
        return incumbent.score() != null;
    }

    /** What this item was sampled with; an item of no cluster stands alone. */
    String clusterOrOwn() {
        return cluster == null ? "item " + id : "cluster " + cluster;
    }

    /** The name that the order of the draws hashes: the cluster's own, or the item's id. */
    String drawnAs() {
        return cluster == null ? id : cluster;
    }

    /** The candidate's score; an answer that is not there is wrong, never dropped (intention to treat). */
    double candidateScore() {
        Double score = candidate.score();
        return score == null ? 0 : score;
    }

    /** The incumbent's score of a usable pair. */
    double incumbentScore() {
        return requireNonNull(incumbent.score(), "the pair is not usable");
    }

    /** Whether people marked both answers. */
    boolean labelled() {
        return candidate.human() != null && incumbent.human() != null;
    }

    /** Candidate minus incumbent by people, of a labelled pair. */
    double humanDifference() {
        return requireNonNull(candidate.human(), "no label") - requireNonNull(incumbent.human(), "no label");
    }

    /** Candidate minus incumbent. */
    double difference() {
        return candidateScore() - incumbentScore();
    }
}
