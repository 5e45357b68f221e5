package dev.pareto.evals.journal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.StoredAnswer;
import dev.pareto.policies.price.Money;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one item with one model, as its journal's line says.
 *
 * @param model 0 for the candidate or the only one, 1 for the incumbent
 * @param at when it came; of a reused answer when it was first given
 * @param score 0 to 1; null when there was no answer or a grader failed
 * @param answer its beginning; null when there was none
 * @param prompt SHA-256 of what was asked, by which the store has the whole answer; null without one
 * @param latencyMillis null when unknown or not the model's own
 * @param cost of the answer, as decimal text; null when unknown
 * @param judging what this run paid judges for it, as decimal text; null when nothing
 * @param reason why it passed or failed, for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Mark(String item, @Nullable String stratum, @Nullable String cluster, int model, @Nullable Instant at,
        @Nullable Double score, @Nullable String answer, @Nullable String prompt, boolean reused,
        boolean formatFailure, boolean truncated, boolean refused, boolean simulated, @Nullable Double latencyMillis,
        @Nullable String cost, @Nullable String judging, @Nullable String currency, @Nullable Long promptTokens,
        @Nullable Long completionTokens, @Nullable String error, String reason, List<GradeNote> grades) {

    /**
     * One grader's word.
     *
     * @param score null when the grader itself failed
     * @param judgement what judges said; null when none was asked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GradeNote(String grader, @Nullable Double score, boolean pass, boolean formatFailure, String reason,
            @Nullable Judgement judgement) {

        private static GradeNote of(Map.Entry<String, Grade> entry) {
            Grade grade = entry.getValue();
            return new GradeNote(entry.getKey(), grade.score(), grade.pass(), grade.formatFailure(), grade.reason(),
                    grade.judgement());
        }

        Grade grade() {
            return new Grade(score, pass, formatFailure, reason, judgement);
        }
    }

    public Mark {
        requireNonNull(item, "item is null");
        reason = reason == null ? "" : reason;
        grades = grades == null ? List.of() : List.copyOf(grades);
    }

    static Mark of(int model, ItemOutcome outcome) {
        StoredAnswer stored = outcome.answer();
        Answer answer = stored == null ? null : stored.answer();
        Money cost = answer == null ? null : answer.cost();
        Money judging = outcome.judging();
        Money known = cost == null ? judging : cost;
        String currency = known == null ? null : known.currency();
        return new Mark(outcome.item().id(), outcome.item().stratum(), outcome.item().cluster(), model,
                stored == null ? null : stored.at(), outcome.score(), answer == null ? null : answer.text(),
                stored == null ? null : stored.promptSha256(), outcome.reused(), outcome.formatFailure(),
                answer != null && answer.truncated(), answer != null && answer.refused(),
                answer != null && answer.simulated(),
                answer == null || answer.cacheHit() ? null : (Double) (answer.latency().toNanos() / 1e6),
                cost == null ? null : cost.plain(),
                judging == null || !judging.currency().equals(currency) ? null : judging.plain(), currency,
                answer == null ? null : answer.promptTokens(), answer == null ? null : answer.completionTokens(),
                outcome.error(), outcome.reason(),
                outcome.grades()
                        .entrySet()
                        .stream()
                        .map(GradeNote::of)
                        .sorted(Comparator.comparing(GradeNote::grader))
                        .toList());
    }

    /** Whether the item counts as solved; false without a score. */
    public boolean right() {
        return score != null && score >= 1;
    }

    /** Whether somebody could grade it. */
    public boolean graded() {
        return score != null;
    }
}
