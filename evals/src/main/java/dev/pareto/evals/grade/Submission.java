package dev.pareto.evals.grade;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * All that a grader may look at.
 *
 * @param text the answer
 * @param expected the item's key; null when there is none
 * @param messages the question, in the OpenAI dialect; empty when unknown
 * @param toolCalls the answer's {@code tool_calls} in the OpenAI dialect; null when the model had no such channel
 * @param finishReason as the vendor names it; null when unknown
 * @param latency null when unknown, or not the model's own
 * @param cost null when unknown
 * @param author the model that answered; null when unknown
 */
public record Submission(String text, @Nullable JsonNode expected, List<Map<String, Object>> messages,
        @Nullable JsonNode toolCalls, @Nullable String finishReason, @Nullable Duration latency,
        @Nullable Money cost, @Nullable String author) {

    /** Copies the messages. */
    public Submission {
        requireNonNull(text, "text is null");
        messages = List.copyOf(messages);
    }

    /** An answer of which only the text is known. */
    public static Submission of(String text, @Nullable JsonNode expected) {
        return new Submission(text, expected, List.of(), null, null, null, null, null);
    }

    /** The same answer held against another key. */
    public Submission against(@Nullable JsonNode key) {
        return new Submission(text, key, messages, toolCalls, finishReason, latency, cost, author);
    }

    /** What the user asked: the conversation with a line per role, or the one user message as it is. */
    public String question() {
        if (messages.size() == 1) {
            return content(messages.getFirst());
        }
        StringBuilder question = new StringBuilder();
        for (Map<String, Object> message : messages) {
            question.append(message.get("role")).append(": ").append(content(message)).append('\n');
        }
        return question.toString().strip();
    }

    private static String content(Map<String, Object> message) {
        Object content = message.get("content");
        if (!(content instanceof List<?> parts)) {
            return String.valueOf(content);
        }
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof Map<?, ?> map && map.get("text") instanceof String piece) {
                text.append(piece);
            }
        }
        return text.toString();
    }
}
