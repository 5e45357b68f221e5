package dev.pareto.evals.grade.combine;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.Submission;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Several graders as one. A part that failed leaves the whole without a score, unless the rest settles the matter
 * already: where all must pass, one that does not is enough.
 *
 * @param rule how the parts make the whole
 * @param parts in the order in which they are asked
 * @param threshold the score from which WEIGHTED passes
 */
public record Combined(Rule rule, List<Part> parts, double threshold) implements Grader {

    /** How the parts make the whole. */
    public enum Rule {
        /** The lowest score; passes when all pass. */
        ALL,
        /** The highest score; passes when any passes. */
        ANY,
        /** The weighted mean of the scores; passes from the threshold on. */
        WEIGHTED,
        /**
         * The first part that does not pass, else the last: put programs first and a judge last, and the judge is asked only
         * about what passes the programs.
         */
        FIRST_FAIL,
        /** The opposite of the only part. */
        NOT
    }

    /**
     * One part.
     *
     * @param grader the part
     * @param weight for WEIGHTED, above 0
     */
    public record Part(Grader grader, double weight) {

        /** Checks the weight. */
        public Part {
            requireNonNull(grader, "grader is null");
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("the weight " + weight + " is not above 0");
            }
        }
    }

    /** Copies the parts. */
    public Combined {
        requireNonNull(rule, "rule is null");
        parts = List.copyOf(parts);
        if (parts.isEmpty() || (rule == Rule.NOT && parts.size() != 1)) {
            throw new IllegalArgumentException(rule == Rule.NOT ? "'not' has one part" : "there are no parts");
        }
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold " + threshold + " is not within (0, 1]");
        }
    }

    @Override
    public Grade grade(Submission submission) {
        List<Grade> grades = new ArrayList<>();
        for (Part part : parts) {
            Grade grade = Grader.apply(part.grader(), submission);
            grades.add(grade);
            if (rule == Rule.FIRST_FAIL && !grade.pass()) {
                break;
            }
        }
        Judgement said = grades.stream()
                .map(Grade::judgement)
                .filter(Objects::nonNull)
                .reduce(Judgement::plus)
                .orElse(null);
        Grade whole = switch (rule) {
            case ALL -> all(grades);
            case ANY -> any(grades);
            case WEIGHTED -> weighted(grades);
            case FIRST_FAIL -> grades.getLast();
            case NOT -> not(grades.getFirst());
        };
        return whole.with(said);
    }

    private static Grade all(List<Grade> grades) {
        Grade lowest = grades.getFirst();
        Grade failed = null;
        for (Grade grade : grades) {
            failed = grade.score() == null && failed == null ? grade : failed;
            lowest = value(grade, 2) < value(lowest, 2) ? grade : lowest;
        }
        if (failed != null && value(lowest, 2) > 0) {
            return failed;
        }
        boolean pass = grades.stream().allMatch(Grade::pass);
        boolean unreadable = grades.stream().anyMatch(Grade::formatFailure);
        return new Grade(lowest.score(), pass, unreadable, pass ? "all pass" : reasons(grades));
    }

    private static Grade any(List<Grade> grades) {
        Grade highest = grades.getFirst();
        Grade failed = null;
        for (Grade grade : grades) {
            failed = grade.score() == null && failed == null ? grade : failed;
            highest = value(grade, -1) > value(highest, -1) ? grade : highest;
        }
        if (failed != null && value(highest, -1) < 1) {
            return failed;
        }
        boolean pass = grades.stream().anyMatch(Grade::pass);
        boolean unreadable = !pass && grades.stream().allMatch(Grade::formatFailure);
        return new Grade(highest.score(), pass, unreadable, pass ? highest.reason() : reasons(grades));
    }

    private Grade weighted(List<Grade> grades) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < grades.size(); i++) {
            Double score = grades.get(i).score();
            if (score == null) {
                return grades.get(i);
            }
            sum += score * parts.get(i).weight();
            weights += parts.get(i).weight();
        }
        double mean = Math.clamp(sum / weights, 0, 1);
        boolean pass = mean >= threshold;
        return new Grade(mean, pass, !pass && grades.stream().anyMatch(Grade::formatFailure),
                pass ? "enough" : reasons(grades));
    }

    private static Grade not(Grade grade) {
        Double score = grade.score();
        return score == null
                ? grade
                : new Grade(1 - score, !grade.pass(), false, (grade.pass() ? "must not be: " : "") + grade.reason());
    }

    private static double value(Grade grade, double missing) {
        Double score = grade.score();
        return score == null ? missing : score;
    }

    private static String reasons(List<Grade> grades) {
        return grades.stream().filter(grade -> !grade.pass()).map(Grade::reason).collect(Collectors.joining("; "));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return parts.stream()
                .map(part -> part.grader().problemWith(expected))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Combined connected(JudgeClient client) {
        return new Combined(rule,
                parts.stream().map(part -> new Part(part.grader().connected(client), part.weight())).toList(),
                threshold);
    }

    @Override
    public Set<ModelId> judges() {
        return parts.stream().flatMap(part -> part.grader().judges().stream()).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<String> gateProblems() {
        return parts.stream().flatMap(part -> part.grader().gateProblems().stream()).distinct().toList();
    }
}
