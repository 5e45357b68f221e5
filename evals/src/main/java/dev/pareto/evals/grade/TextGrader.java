package dev.pareto.evals.grade;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** A grader that looks at nothing but the answer's text and the key. */
public interface TextGrader extends Grader {

    @Override
    Grade grade(String answer, @Nullable JsonNode expected);

    @Override
    default Grade grade(Submission submission) {
        return grade(submission.text(), submission.expected());
    }
}
