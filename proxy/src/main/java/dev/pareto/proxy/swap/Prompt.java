package dev.pareto.proxy.swap;

import java.util.List;
import java.util.Map;

import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** What a request asks, as messages. */
final class Prompt {

    private static final TypeReference<List<Map<String, Object>>> MESSAGES = new TypeReference<>() {};

    private Prompt() {}

    /** Null when it asks for no text, or in no way that is understood here. */
    static @Nullable List<Map<String, Object>> messages(OpenAiRequest request) {
        if (!request.endpoint().generates()) {
            return null;
        }
        try {
            JsonNode body = Json.mapper().readTree(request.body());
            if (request.endpoint() == Endpoint.CHAT) {
                return body.path("messages").isArray()
                        ? Json.mapper().convertValue(body.get("messages"), MESSAGES)
                        : null;
            }
            JsonNode prompt = body.path("prompt");
            return prompt.isString() ? List.of(Map.of("role", "user", "content", prompt.stringValue())) : null;
        } catch (JacksonException | IllegalArgumentException odd) {
            return null;
        }
    }

    /** Whether there is nothing but text: a judge sees no pictures. */
    static boolean textAlone(List<Map<String, Object>> messages) {
        return messages.stream()
                .map(message -> message.get("content"))
                .allMatch(content -> content instanceof String || (content instanceof List<?> parts && parts.stream()
                        .allMatch(part -> part instanceof Map<?, ?> map && "text".equals(map.get("type")))));
    }
}
