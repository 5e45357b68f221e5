package dev.pareto.evals.record;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One answer that a model once gave. As JSON, one a line: {@code {"model", "prompt_sha256", "output", "tokens"?,
 * "prompt_tokens"?, "latency_ms"?, "first_token_ms"?, "finish_reason"?}}; instead of the hash the {@code "prompt"} (one question)
 * or the {@code "messages"} may stand there.
 *
 * @param model the vendor's own name of the model
 * @param promptSha256 {@link PromptHash} of what was asked
 * @param output the whole answer
 * @param tokens of the answer as the vendor counted; null when nobody wrote them down
 * @param promptTokens likewise of the prompt
 * @param latencyMillis from the request to the last byte; null when nobody measured
 * @param firstTokenMillis likewise to the first token
 * @param finishReason as the vendor named it; null when unknown
 */
public record Recording(String model, String promptSha256, String output, @Nullable Long tokens,
        @Nullable Long promptTokens, @Nullable Double latencyMillis, @Nullable Double firstTokenMillis,
        @Nullable String finishReason) {

    private static final TypeReference<List<Map<String, Object>>> MESSAGES = new TypeReference<>() {};

    /** Checks what must be there. */
    public Recording {
        requireNonNull(model, "model is null");
        requireNonNull(promptSha256, "promptSha256 is null");
        requireNonNull(output, "output is null");
        if (!promptSha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("prompt_sha256 must be 64 lower-case hex digits");
        }
        if ((tokens != null && tokens < 0) || (promptTokens != null && promptTokens < 0)
                || !sensible(latencyMillis) || !sensible(firstTokenMillis)) {
            throw new IllegalArgumentException("tokens and milliseconds are not negative");
        }
    }

    /** An answer of which nothing but its words is known. */
    public static Recording of(String model, String question, String output) {
        return new Recording(model, PromptHash.of(question), output, null, null, null, null, null);
    }

    /** What of this recording was never measured, for the header that says so; empty when all of it was. */
    public List<String> unmeasured() {
        List<String> missing = new ArrayList<>(2);
        if (tokens == null || promptTokens == null) {
            missing.add("tokens");
        }
        if (latencyMillis == null) {
            missing.add("latency");
        }
        return missing;
    }

    ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("model", model);
        json.put("prompt_sha256", promptSha256);
        json.put("output", output);
        putIfKnown(json, "tokens", tokens);
        putIfKnown(json, "prompt_tokens", promptTokens);
        putIfKnown(json, "latency_ms", latencyMillis);
        putIfKnown(json, "first_token_ms", firstTokenMillis);
        if (finishReason != null) {
            json.put("finish_reason", finishReason);
        }
        return json;
    }

    static Recording of(JsonNode json) {
        return new Recording(required(json, "model"), hash(json), required(json, "output"),
                whole(json, "tokens"), whole(json, "prompt_tokens"), number(json, "latency_ms"),
                number(json, "first_token_ms"), json.path("finish_reason").stringValue(null));
    }

    private static String hash(JsonNode json) {
        String hash = json.path("prompt_sha256").stringValue(null);
        if (hash != null) {
            return hash;
        }
        if (json.path("messages").isArray()) {
            return PromptHash.of(JsonMapper.shared().convertValue(json.get("messages"), MESSAGES));
        }
        String prompt = json.path("prompt").stringValue(null);
        if (prompt == null) {
            throw new IllegalArgumentException("needs 'prompt_sha256', 'prompt' or 'messages'");
        }
        return PromptHash.of(prompt);
    }

    private static String required(JsonNode json, String key) {
        String value = json.path(key).stringValue(null);
        if (value == null) {
            throw new IllegalArgumentException("needs '" + key + "', a text");
        }
        return value;
    }

    private static @Nullable Long whole(JsonNode json, String key) {
        JsonNode value = json.get(key);
        return value == null || !value.isIntegralNumber() ? null : (Long) value.longValue();
    }

    private static @Nullable Double number(JsonNode json, String key) {
        JsonNode value = json.get(key);
        return value == null || !value.isNumber() ? null : (Double) value.doubleValue();
    }

    private static void putIfKnown(ObjectNode json, String key, @Nullable Number value) {
        if (value instanceof Long whole) {
            json.put(key, whole);
        } else if (value != null) {
            json.put(key, value.doubleValue());
        }
    }

    private static boolean sensible(@Nullable Double millis) {
        return millis == null || (millis >= 0 && millis < 86_400_000);
    }
}
