package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * One case of a suite.
 *
 * @param id unique within the suite
 * @param messages what the model is asked, in the OpenAI dialect; each has a role
 * @param expected the key, whatever shape the graders read
 * @param cluster items that were sampled together share it
 * @param stratum the fixed category that it belongs to
 * @param tags free words for reports
 * @param graders ids of the suite's graders that apply; never empty
 * @param critical whether the candidate may not fail here at all
 */
public record Item(String id, List<Map<String, Object>> messages, @Nullable JsonNode expected,
        @Nullable String cluster, @Nullable String stratum, List<String> tags, List<String> graders,
        boolean critical) {

    /** Copies the lists. */
    public Item {
        requireNonNull(id, "id is null");
        messages = List.copyOf(messages);
        tags = List.copyOf(tags);
        graders = List.copyOf(graders);
        if (messages.isEmpty() || graders.isEmpty()) {
            throw new IllegalArgumentException("an item needs messages and graders");
        }
    }

    /** An item like any other. */
    public Item(String id, List<Map<String, Object>> messages, @Nullable JsonNode expected, @Nullable String cluster,
            @Nullable String stratum, List<String> tags, List<String> graders) {
        this(id, messages, expected, cluster, stratum, tags, graders, false);
    }
}
