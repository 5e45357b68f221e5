package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteGrader;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * What became of one item with one model.
 *
 * @param item the item
 * @param answer null when there was none; only the beginning of its words, so that a long run stays small
 * @param reused whether the answer was paid for in an earlier run
 * @param error why there was no answer
 * @param grades by grader id, those that count first
 * @param score mean of the graders that count, 0 to 1; null when there was no answer or a grader failed
 * @param judging what this run paid judges for it; null when nothing
 */
public record ItemOutcome(Item item, @Nullable StoredAnswer answer, boolean reused, @Nullable String error,
        Map<String, Grade> grades, @Nullable Double score, @Nullable Money judging) {

    /** Copies the grades. */
    public ItemOutcome {
        requireNonNull(item, "item is null");
        grades = Collections.unmodifiableMap(new LinkedHashMap<>(grades));
    }

    /** Grades an answer. */
    static ItemOutcome graded(Suite suite, Item item, StoredAnswer stored, boolean reused) {
        Answer answer = stored.answer();
        Submission submission = new Submission(answer.text(), item.expected(), item.messages(), null,
                answer.finishReason(), answer.cacheHit() ? null : answer.latency(), answer.cost(),
                answer.servedModel());
        List<SuiteGrader> scoring = suite.scoring(item);
        Set<String> order = new LinkedHashSet<>(scoring.stream().map(SuiteGrader::id).toList());
        order.addAll(item.graders());
        Map<String, Grade> grades = new LinkedHashMap<>();
        for (String id : order) {
            grades.put(id, Grader.apply(suite.grader(id).grader(), submission));
        }
        return new ItemOutcome(item, stored.brief(), reused, null, grades, score(scoring, grades), null);
    }

    static ItemOutcome failed(Item item, String error) {
        return new ItemOutcome(item, null, false, error, Map.of(), null, null);
    }

    /** The same with what this run paid judges for it. */
    ItemOutcome judgedFor(@Nullable Money paid) {
        return new ItemOutcome(item, answer, reused, error, grades, score, paid);
    }

    /** What this run paid for it, answer and judges; null when nothing, or nobody knows. */
    public @Nullable Money paid() {
        Money own = answer == null || reused ? null : answer.answer().cost();
        Money judged = judging;
        if (own == null || judged == null) {
            return own == null ? judged : own;
        }
        return own.currency().equals(judged.currency()) ? own.plus(judged) : own;
    }

    /** Whether this run asked for its answer and nobody knows what that cost. */
    boolean unpriced() {
        return answer != null && !reused && answer.answer().cost() == null;
    }

    /** What its answer and all of its judges' replies cost, whoever paid and when; null when any of it is unknown. */
    @Nullable
    Money worth() {
        Money sum = answer == null ? null : answer.answer().cost();
        for (Grade grade : grades.values()) {
            Judgement judgement = grade.judgement();
            if (judgement != null) {
                Money cost = judgement.cost();
                sum = sum == null || cost == null || !sum.currency().equals(cost.currency()) ? null : sum.plus(cost);
            }
        }
        return sum;
    }

    private static @Nullable Double score(List<SuiteGrader> scoring, Map<String, Grade> grades) {
        double sum = 0;
        for (SuiteGrader grader : scoring) {
            Grade grade = grades.get(grader.id());
            Double score = grade == null ? null : grade.score();
            if (score == null) {
                return null;
            }
            sum += score;
        }
        return sum / scoring.size();
    }

    /** Whether the answer lacked the shape that a counting grader reads. */
    public boolean formatFailure() {
        return grades.values().stream().anyMatch(Grade::formatFailure);
    }

    /** Why it failed or passed, for people; what counts has the first word. */
    public String reason() {
        if (error != null) {
            return error;
        }
        return grades.values()
                .stream()
                .filter(grade -> !grade.pass())
                .map(Grade::reason)
                .findFirst()
                .orElse("as expected");
    }
}
