package dev.pareto.proxy.cascade;

import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.grade.json.JsonSchemaMatch;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.ReadAnswer;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What a request asks and in which form it wants the answer. Lives as long as its answer is judged. */
final class Question {

    private static final int LONGEST_SCHEMA = 64_000;

    private final JsonNode body;
    private final boolean chat;
    private final boolean jsonWanted;

    private Question(JsonNode body, OpenAiRequest request) {
        this.body = body;
        this.chat = request.endpoint() == Endpoint.CHAT;
        this.jsonWanted = request.jsonWanted();
    }

    static Question of(OpenAiRequest request) {
        JsonNode body;
        try {
            body = Json.mapper().readTree(request.body());
        } catch (JacksonException unreadable) {
            body = MissingNode.getInstance();
        }
        return new Question(body, request);
    }

    /** The text of what the user says last; empty where that is no text. */
    String text() {
        if (!chat) {
            return body.path("prompt").asString("");
        }
        String last = "";
        for (JsonNode message : body.path("messages")) {
            if (message.path("role").asString("").equals("user")) {
                last = text(message.path("content"));
            }
        }
        return last;
    }

    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        var text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asString(""));
        }
        return text.toString();
    }

    /** What of the answer's form is wrong, in a few words; null when nothing is. */
    @Nullable
    String wrongForm(ReadAnswer answer) {
        if (answer.refusal() != null || Refusals.begins(answer.text())) {
            return "a refusal";
        }
        String finish = answer.finishReason();
        if (finish == null || finish.equals("length") || finish.equals("content_filter")) {
            return finish == null ? "unfinished" : finish.equals("length") ? "cut off" : "filtered";
        }
        if (!answer.calls().isEmpty()) {
            return wrongCalls(answer);
        }
        if (answer.text().isBlank()) {
            return "empty";
        }
        if (callWanted()) {
            return "no tool call";
        }
        return jsonWanted ? wrongJson(answer.text()) : null;
    }

    private @Nullable String wrongJson(String text) {
        if (!isJson(text)) {
            return "no JSON";
        }
        JsonNode schema = body.path("response_format").path("json_schema").path("schema");
        return schema.isObject() && breaks(schema, text) ? "not as its schema" : null;
    }

    private @Nullable String wrongCalls(ReadAnswer answer) {
        Map<String, JsonNode> offered = new TreeMap<>();
        for (JsonNode tool : body.path("tools")) {
            offered.put(tool.path("function").path("name").asString(""), tool.path("function").path("parameters"));
        }
        for (ReadAnswer.Call call : answer.calls()) {
            JsonNode parameters = offered.get(call.name());
            if (parameters == null) {
                return "a call of no tool that was offered";
            }
            if (!isJson(call.arguments())) {
                return "tool arguments that are no JSON";
            }
            if (parameters.isObject() && breaks(parameters, call.arguments())) {
                return "tool arguments not as their schema";
            }
        }
        return null;
    }

    private boolean callWanted() {
        JsonNode choice = body.path("tool_choice");
        return choice.isObject() || choice.asString("").equals("required");
    }

    /** A schema that cannot be used here breaks nothing: the vendor took it. */
    private static boolean breaks(JsonNode schema, String text) {
        // a pattern of the caller's could keep a thread busy for hours
        boolean patterns = schema.findValue("pattern") != null || schema.findValue("patternProperties") != null;
        if (patterns || schema.toString().length() > LONGEST_SCHEMA) {
            return false;
        }
        try {
            return !new JsonSchemaMatch(schema, false).grade(text, null).pass();
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }

    static boolean isJson(String text) {
        try {
            return !text.isBlank() && !Json.mapper().readTree(text).isMissingNode();
        } catch (JacksonException unreadable) {
            return false;
        }
    }
}
