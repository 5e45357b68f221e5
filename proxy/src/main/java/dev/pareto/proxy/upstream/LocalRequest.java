package dev.pareto.proxy.upstream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * A request of OpenAI's dialect in the engine's terms, within OpenAI's ranges. What {@link LocalFeatures} does not know is
 * refused.
 *
 * @param messages of a chat, their content as plain text
 * @param text to be continued; empty for a chat
 * @param topLogprobs null for none
 */
record LocalRequest(List<Map<String, Object>> messages, String text, int maxTokens, Sampling sampling,
        List<String> stop, @Nullable Integer topLogprobs, boolean usage) {

    private static final int MAX_ANSWERS = 128;
    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP_CHARACTERS = 4_096;
    private static final int MAX_TEXT_LOGPROBS = 5;
    private static final double LEAST_REPETITION_PENALTY = 0.01;
    private static final double MOST_REPETITION_PENALTY = 100;

    /** @throws RefusedException naming the field that is wrong or cannot be served */
    static LocalRequest read(Endpoint endpoint, byte[] body) {
        LocalFields root = LocalFields.of(body);
        LocalFeatures.check(endpoint, root);
        one(root, "n");
        boolean chat = endpoint == Endpoint.CHAT;
        if (!chat) {
            one(root, "best_of");
        }
        return new LocalRequest(chat ? LocalMessages.read(root) : List.of(), chat ? "" : prompt(root), maxTokens(root),
                sampling(root), stop(root),
                chat ? chatLogprobs(root) : root.integer("logprobs", 0, MAX_TEXT_LOGPROBS),
                new LocalFields(root.get("stream_options"), "stream_options.").flag("include_usage"));
    }

    /**
     * Only a loaded model knows its tokens.
     *
     * @throws RefusedException if a bias is for a token that the model does not have
     */
    void requireTokens(int vocabulary) {
        for (int token : sampling.logitBias().keySet()) {
            if (token >= vocabulary) {
                throw WrongField.of("invalid_value", "Invalid key in 'logit_bias': " + token
                        + ". The tokens of this model are 0 to " + (vocabulary - 1) + ".", "logit_bias");
            }
        }
    }

    private static void one(LocalFields root, String name) {
        Integer answers = root.integer(name, 1, MAX_ANSWERS);
        if (answers != null && answers != 1) {
            throw LocalFeatures.unsupported(name, "gives one answer to a request; ask again for more");
        }
    }

    private static String prompt(LocalFields root) {
        JsonNode prompt = root.require("prompt");
        if (prompt.isArray() && prompt.size() == 1 && prompt.get(0).isString()) {
            return prompt.get(0).asString();
        }
        if (prompt.isArray() && !prompt.isEmpty()) {
            throw LocalFeatures.unsupported("prompt", "continues one text at a time, no list of texts or tokens");
        }
        if (!prompt.isString()) {
            throw root.wrongType("prompt", "one of a string or array of strings");
        }
        return prompt.asString();
    }

    private static int maxTokens(LocalFields root) {
        Integer newer = root.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        Integer older = root.integer("max_tokens", 1, Integer.MAX_VALUE);
        if (newer == null || older == null) {
            Integer one = newer == null ? older : newer;
            return one == null ? GenerationRequest.ENGINE_DEFAULT : one;
        }
        return Math.min(newer, older);
    }

    private static Sampling sampling(LocalFields root) {
        Integer topK = root.integer("top_k", -1, Integer.MAX_VALUE);
        return new Sampling(root.decimal("temperature", 1, 0, 2), topK == null ? 0 : Math.max(0, topK),
                root.decimal("top_p", 1, 0, 1), root.decimal("min_p", 0, 0, 1),
                root.decimal("repetition_penalty", 1, LEAST_REPETITION_PENALTY, MOST_REPETITION_PENALTY),
                root.decimal("frequency_penalty", 0, -2, 2), root.decimal("presence_penalty", 0, -2, 2),
                Sampling.WHOLE_CONTEXT, root.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE), bias(root));
    }

    private static Map<Integer, Float> bias(LocalFields root) {
        if (root.has("logit_bias") && !root.get("logit_bias").isObject()) {
            throw root.wrongType("logit_bias", "an object");
        }
        Map<Integer, Float> bias = new HashMap<>();
        LocalFields entries = new LocalFields(root.get("logit_bias"), "logit_bias.");
        for (String token : entries.object().propertyNames()) {
            if (!token.matches("[0-9]{1,9}")) {
                throw WrongField.of("invalid_value", "Invalid key in 'logit_bias': tokens are non-negative integers.",
                        "logit_bias");
            }
            bias.put(Integer.valueOf(token), (float) entries.decimal(token, 0, -100, 100));
        }
        return bias;
    }

    private static List<String> stop(LocalFields root) {
        JsonNode stop = root.get("stop");
        if (stop.isMissingNode()) {
            return List.of();
        }
        List<JsonNode> texts = stop.isArray() ? stop.valueStream().toList() : List.of(stop);
        if (!texts.stream().allMatch(JsonNode::isString)) {
            throw root.wrongType("stop", "one of a string or array of strings");
        }
        if (texts.size() > MAX_STOPS) {
            throw WrongField.of("array_above_max_length",
                    "Invalid 'stop': array too long. Expected an array with maximum "
                            + "length " + MAX_STOPS + ", but got an array with length " + texts.size() + " instead.",
                    "stop");
        }
        for (JsonNode text : texts) {
            int length = text.asString().length();
            if (length < 1 || length > MAX_STOP_CHARACTERS) {
                throw WrongField.of(length < 1 ? "string_below_min_length" : "string_above_max_length",
                        "Invalid 'stop': expected strings of 1 to " + MAX_STOP_CHARACTERS
                                + " characters, but got one of " + length + " instead.",
                        "stop");
            }
        }
        return texts.stream().map(JsonNode::asString).toList();
    }

    private static @Nullable Integer chatLogprobs(LocalFields root) {
        Integer top = root.integer("top_logprobs", 0, GenerationRequest.MAX_TOP_LOGPROBS);
        if (root.flag("logprobs")) {
            return top == null ? 0 : top;
        }
        if (top != null && top > 0) {
            throw WrongField.of("invalid_value",
                    "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
                    "top_logprobs");
        }
        return null;
    }
}
