package dev.pareto.proxy.route;

import java.util.List;
import java.util.Map;

import dev.pareto.policies.predict.PromptText;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the user asks last, in a request or in the case of a suite. */
public final class PromptReader {

    /** Requests with longer bodies teach nothing: they are not worth reading twice. */
    static final int MOST_BYTES = 256 << 10;

    private PromptReader() {}

    /** Null when there is no text, or it is not worth the time. */
    public static @Nullable PromptText of(OpenAiRequest request, @Nullable String segment) {
        if (!request.endpoint().generates() || request.body().length > MOST_BYTES) {
            return null;
        }
        try {
            JsonNode body = Json.mapper().readTree(request.body());
            String text = request.endpoint() == Endpoint.CHAT
                    ? last(body.path("messages"))
                    : body.path("prompt").asString("");
            return text.isBlank() ? null : new PromptText(text, segment);
        } catch (JacksonException odd) {
            return null;
        }
    }

    /** Null when no user says anything in it. */
    public static @Nullable PromptText of(List<Map<String, Object>> messages, @Nullable String segment) {
        String text = last(Json.mapper().valueToTree(messages));
        return text.isBlank() ? null : new PromptText(text, segment);
    }

    private static String last(JsonNode messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            JsonNode message = messages.path(i);
            if (message.path("role").asString("").equals("user")) {
                return text(message.path("content"));
            }
        }
        return "";
    }

    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asString("");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("type").asString("").equals("text")) {
                text.append(text.isEmpty() ? "" : "\n").append(part.path("text").asString(""));
            }
        }
        return text.toString();
    }
}
