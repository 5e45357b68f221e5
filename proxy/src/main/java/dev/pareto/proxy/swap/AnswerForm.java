package dev.pareto.proxy.swap;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Whether an answer has the form that was asked for: it says something, its tool calls have JSON arguments, and it is JSON itself where
 * that was asked for.
 */
public final class AnswerForm {

    private AnswerForm() {}

    /** Of an answer that came whole; null when it cannot be told, e.g. of embeddings. */
    public static @Nullable Boolean malformed(OpenAiRequest request, byte[] body) {
        if (!request.endpoint().generates()) {
            return null;
        }
        try {
            return malformed(request, Json.mapper().readTree(body));
        } catch (JacksonException unreadable) {
            return true;
        }
    }

    /** Of an answer that came as events, as far as it was kept; null when it cannot be told. */
    public static @Nullable Boolean malformedStream(OpenAiRequest request, byte @Nullable [] events) {
        if (events == null || !request.endpoint().generates()) {
            return null;
        }
        var content = new StringBuilder();
        Map<Integer, StringBuilder> arguments = new TreeMap<>();
        gather(events, content, arguments);
        return arguments.isEmpty()
                ? lacksForm(request, content.toString())
                : arguments.values().stream().anyMatch(text -> !isJson(text.toString()));
    }

    /** What an answer that came whole says; null when it calls tools or says nothing. */
    static @Nullable String words(byte[] body) {
        try {
            JsonNode choice = Json.mapper().readTree(body).path("choices").path(0);
            return choice.path("message").path("tool_calls").isEmpty()
                    ? said(choice.path("message").path("content").asString(choice.path("text").asString("")))
                    : null;
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    /** What an answer that came as events says, as far as it was kept; null when it calls tools, says nothing, or was not kept. */
    static @Nullable String streamedWords(byte @Nullable [] events) {
        if (events == null) {
            return null;
        }
        var content = new StringBuilder();
        Map<Integer, StringBuilder> arguments = new TreeMap<>();
        gather(events, content, arguments);
        return arguments.isEmpty() ? said(content.toString()) : null;
    }

    private static @Nullable String said(String content) {
        return content.isBlank() ? null : content;
    }

    private static void gather(byte[] events, StringBuilder content, Map<Integer, StringBuilder> arguments) {
        new String(events, StandardCharsets.UTF_8).lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> line.substring(5).strip())
                .filter(data -> data.startsWith("{"))
                .forEach(data -> gather(data, content, arguments));
    }

    private static void gather(String data, StringBuilder content, Map<Integer, StringBuilder> arguments) {
        try {
            JsonNode choice = Json.mapper().readTree(data).path("choices").path(0);
            JsonNode delta = choice.path("delta");
            content.append(delta.path("content").asString("")).append(choice.path("text").asString(""));
            for (JsonNode call : delta.path("tool_calls")) {
                arguments.computeIfAbsent(call.path("index").asInt(0), index -> new StringBuilder())
                        .append(call.path("function").path("arguments").asString(""));
            }
        } catch (JacksonException unreadable) {
            content.append('?'); // the relay has told whether the stream is whole
        }
    }

    private static boolean malformed(OpenAiRequest request, JsonNode answer) {
        JsonNode choice = answer.path("choices").path(0);
        JsonNode calls = choice.path("message").path("tool_calls");
        if (!calls.isEmpty()) {
            return calls.valueStream()
                    .anyMatch(call -> !isJson(call.path("function").path("arguments").asString("")));
        }
        return lacksForm(request, choice.path("message").path("content").asString(choice.path("text").asString("")));
    }

    private static boolean lacksForm(OpenAiRequest request, String content) {
        return content.isBlank() || (request.jsonWanted() && !isJson(content));
    }

    private static boolean isJson(String text) {
        try {
            return !Json.mapper().readTree(text).isMissingNode();
        } catch (JacksonException unreadable) {
            return false;
        }
    }
}
