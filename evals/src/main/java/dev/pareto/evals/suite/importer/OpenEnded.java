package dev.pareto.evals.suite.importer;

import java.util.List;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions without a right answer: a judge compares, where there is one; else a suite only collects answers. */
final class OpenEnded {

    private OpenEnded() {}

    /** @param chosen how the user wants answers compared; null collects them only */
    static void add(SourceFiles.Row row, String id, ArrayNode messages, JsonNode reference, @Nullable ObjectNode chosen,
            ObjectNode more, Draft draft) {
        if (chosen == null) {
            draft.dropOnce("the comparison by a judge", "this suite only collects answers, any passes; "
                    + PromptfooAsserts.NEEDS_A_JUDGE.replace("judge_binary", "judge_pairwise"));
        }
        String grader = draft.grader(row.where(), chosen == null ? "answered" : "quality",
                chosen == null ? Specs.regex("\\S") : chosen);
        if (grader != null) {
            draft.item(row.where(), id, messages, present(reference), List.of(grader), more);
        }
    }

    private static @Nullable JsonNode present(JsonNode reference) {
        return reference.isMissingNode() || reference.isNull() ? null : reference;
    }
}
