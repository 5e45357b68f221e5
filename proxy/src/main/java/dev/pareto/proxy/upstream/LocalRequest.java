package dev.pareto.proxy.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A request of OpenAI's dialect in the engine's terms. What the engine cannot do is refused by name rather than ignored; fields
 * that change nothing about the text ({@code user}, {@code metadata}, …) are let through.
 *
 * @param messages of a chat, their content as plain text
 * @param text to be continued; empty for a chat
 * @param topLogprobs null for none
 */
record LocalRequest(List<Map<String, Object>> messages, String text, int maxTokens, Sampling sampling,
        List<String> stop,
        @Nullable Integer topLogprobs, boolean usage) {

    private static final int MAX_STOPS = 4;

    /** @throws RefusedException naming the field that cannot be served */
    static LocalRequest read(Endpoint endpoint, byte[] body) {
        JsonNode root = tree(body);
        refuseUnsupported(root);
        boolean chat = endpoint == Endpoint.CHAT;
        return new LocalRequest(chat ? messages(root) : List.of(), chat ? "" : prompt(root), maxTokens(root),
                sampling(root),
                stop(root), chat ? chatLogprobs(root) : integer(root, "logprobs"),
                root.path("stream_options").path("include_usage").asBoolean(false));
    }

    static JsonNode tree(byte[] body) {
        try {
            return Json.mapper().readTree(body);
        } catch (JacksonException wrong) {
            throw refused("invalid_json", "The body is not JSON that can be read.", null);
        }
    }

    private static void refuseUnsupported(JsonNode root) {
        if (root.path("n").asInt(1) != 1) {
            throw unsupported("n", "gives one answer to a request; ask again for more");
        }
        String format = root.path("response_format").path("type").asString("text");
        if (!format.equals("text")) {
            throw unsupported("response_format", "answers in plain text only");
        }
        boolean toolsOff = root.path("tool_choice").asString("").equals("none");
        for (String field : List.of("tools", "functions")) {
            if (root.path(field).size() > 0 && !toolsOff) {
                throw unsupported(field, "does not call tools yet");
            }
        }
        for (String field : List.of("audio", "suffix", "best_of")) {
            if (root.hasNonNull(field) && !(field.equals("best_of") && root.path(field).asInt(1) == 1)) {
                throw unsupported(field, "does not do this");
            }
        }
        if (root.path("echo").asBoolean(false)) {
            throw unsupported("echo", "does not repeat the prompt");
        }
    }

    private static List<Map<String, Object>> messages(JsonNode root) {
        JsonNode messages = root.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw refused("invalid_type", "messages must be a list with at least one message", "messages");
        }
        List<Map<String, Object>> plain = new ArrayList<>(messages.size());
        for (JsonNode message : messages) {
            String role = message.path("role").asString("");
            if (role.isEmpty()) {
                throw refused("missing_required_parameter", "each message needs a role", "messages");
            }
            Map<String, Object> one = new HashMap<>();
            one.put("role", role.equals("developer") ? "system" : role);
            one.put("content", content(message.path("content")));
            plain.add(one);
        }
        return plain;
    }

    private static String content(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        if (content.isNull() || content.isMissingNode()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asString("").equals("text")) {
                throw unsupported("messages", "reads text only, no " + part.path("type").asString("such content"));
            }
            text.append(part.path("text").asString(""));
        }
        return text.toString();
    }

    private static String prompt(JsonNode root) {
        JsonNode prompt = root.path("prompt");
        if (prompt.isArray() && prompt.size() == 1 && prompt.get(0).isString()) {
            return prompt.get(0).asString();
        }
        if (!prompt.isString()) {
            throw refused("invalid_type", "prompt must be one text for a local model", "prompt");
        }
        return prompt.asString();
    }

    private static int maxTokens(JsonNode root) {
        Integer most = integer(root, "max_completion_tokens");
        most = most == null ? integer(root, "max_tokens") : most;
        if (most != null && most < 1) {
            throw refused("invalid_value", "max_tokens must be at least 1", "max_tokens");
        }
        return most == null ? GenerationRequest.ENGINE_DEFAULT : most;
    }

    private static Sampling sampling(JsonNode root) {
        Map<Integer, Float> bias = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.path("logit_bias").properties()) {
            try {
                bias.put(Integer.valueOf(entry.getKey()), bias(entry.getValue()));
            } catch (NumberFormatException wrong) {
                throw refused("invalid_value", "logit_bias maps token numbers to numbers", "logit_bias");
            }
        }
        JsonNode seed = root.path("seed");
        return new Sampling(number(root, "temperature", 1), (int) number(root, "top_k", 0), number(root, "top_p", 1),
                number(root, "min_p", 0), number(root, "repetition_penalty", 1), number(root, "frequency_penalty", 0),
                number(root, "presence_penalty", 0), Sampling.WHOLE_CONTEXT,
                seed(seed), bias);
    }

    private static float bias(JsonNode value) {
        if (!value.isNumber()) {
            throw refused("invalid_value", "logit_bias maps token numbers to numbers", "logit_bias");
        }
        return (float) value.doubleValue();
    }

    private static @Nullable Long seed(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw refused("invalid_type", "seed must be a whole number of at most 64 bits", "seed");
        }
        return value.longValue();
    }

    private static List<String> stop(JsonNode root) {
        JsonNode stop = root.path("stop");
        if (stop.isString()) {
            return List.of(stop.asString());
        }
        List<String> texts = new ArrayList<>();
        stop.forEach(text -> texts.add(text.asString("")));
        if (texts.size() > MAX_STOPS) {
            throw refused("invalid_value", "stop takes at most " + MAX_STOPS + " texts", "stop");
        }
        return texts;
    }

    private static @Nullable Integer chatLogprobs(JsonNode root) {
        if (!root.path("logprobs").asBoolean(false)) {
            return null;
        }
        Integer top = integer(root, "top_logprobs");
        return top == null ? 0 : top;
    }

    private static double number(JsonNode root, String name, double otherwise) {
        JsonNode value = root.path(name);
        if (value.isNull() || value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw refused("invalid_type", name + " must be a number", name);
        }
        return value.asDouble();
    }

    private static @Nullable Integer integer(JsonNode root, String name) {
        JsonNode value = root.path(name);
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw refused("invalid_type", name + " must be a whole number", name);
        }
        return value.asInt();
    }

    static RefusedException unsupported(String field, String what) {
        return refused("unsupported_parameter", "'" + field + "' is not supported: the embedded engine " + what + ".",
                field);
    }

    static RefusedException refused(String code, String message, @Nullable String field) {
        return new RefusedException(OpenAiError.badRequest(code, message, field));
    }
}
