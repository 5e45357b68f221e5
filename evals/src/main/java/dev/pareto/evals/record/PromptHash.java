package dev.pareto.evals.record;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.CanonicalJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

/**
 * Names a conversation: the SHA-256 of the canonical JSON of its messages in OpenAI's dialect, in which a content of text
 * parts stands as one text and what is null is left out.
 */
public final class PromptHash {

    private PromptHash() {}

    /** The hash of a conversation, lower-case hex. */
    public static String of(List<Map<String, Object>> messages) {
        return CanonicalJson.sha256(
                JsonMapper.shared().valueToTree(messages.stream().map(PromptHash::normal).toList()));
    }

    /** The hash of a single question, without a system prompt. */
    public static String of(String question) {
        return of(List.of(Map.of("role", "user", "content", question)));
    }

    private static Map<String, Object> normal(Map<String, Object> message) {
        Map<String, Object> normal = new TreeMap<>();
        message.forEach((key, value) -> {
            Object plain = key.equals("content") ? text(value) : value;
            if (plain != null) {
                normal.put(key, plain);
            }
        });
        return normal;
    }

    private static @Nullable Object text(@Nullable Object content) {
        if (!(content instanceof List<?> parts)) {
            return content;
        }
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (!(part instanceof Map<?, ?> map) || !"text".equals(map.get("type"))
                    || !(map.get("text") instanceof String piece)) {
                return content;
            }
            text.append(piece);
        }
        return text.toString();
    }
}
