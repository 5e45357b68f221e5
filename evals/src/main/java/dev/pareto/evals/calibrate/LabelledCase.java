package dev.pareto.evals.calibrate;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * An answer, or a pair of them, with what people say of it.
 *
 * @param id unique
 * @param messages what was asked, in the OpenAI dialect
 * @param answer the answer; of a pair the first
 * @param other the second of a pair; null for an answer by itself
 * @param expected the key, for judges that compare with one; null when there is none
 * @param human whether the answer is good; of a pair, whether the first is the better one
 */
public record LabelledCase(String id, List<Map<String, Object>> messages, String answer, @Nullable String other,
        @Nullable JsonNode expected, boolean human) {

    /** Checks what must be there and copies the messages. */
    public LabelledCase {
        requireNonNull(id, "id is null");
        requireNonNull(answer, "answer is null");
        messages = List.copyOf(messages);
    }
}
