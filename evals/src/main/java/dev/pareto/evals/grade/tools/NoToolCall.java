package dev.pareto.evals.grade.tools;

import java.util.List;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.Submission;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** The answer must make no call at all: BFCL's relevance test, for questions that no function fits. */
public record NoToolCall() implements Grader {

    @Override
    public Grade grade(Submission submission) {
        List<ToolCall> made = ToolCallReader.read(submission);
        return Grade.of(made.isEmpty(), "called " + made.stream().map(ToolCall::name).toList());
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
