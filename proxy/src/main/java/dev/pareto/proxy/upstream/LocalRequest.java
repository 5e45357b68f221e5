package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.grammar.Grammar;
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
 * @param format what the answer must match; null for any text
 * @param answers how many are told
 * @param candidates how many are made, of which the likeliest are told; at least as many
 * @param tools that a chat offers
 * @param reasoning how much a chat asks the model to think
 */
record LocalRequest(List<Map<String, Object>> messages, String text, int maxTokens, Sampling sampling,
        List<String> stop, @Nullable Integer topLogprobs, boolean usage, @Nullable LocalFormat format, int answers,
        int candidates, LocalTools tools, LocalReasoning reasoning) {

    /** The engine computes so many at once; more would only wait. */
    static final int MAX_ANSWERS = 8;
    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP_CHARACTERS = 4_096;
    private static final int MAX_TEXT_LOGPROBS = 5;

    /** @throws RefusedException naming the field that is wrong or cannot be served */
    static LocalRequest read(Endpoint endpoint, byte[] body) {
        LocalFields root = LocalFields.of(body);
        LocalFeatures.check(endpoint, root);
        boolean chat = endpoint == Endpoint.CHAT;
        int answers = answers(root, "n", 1);
        return new LocalRequest(chat ? LocalMessages.read(root) : List.of(), chat ? "" : prompt(root), maxTokens(root),
                LocalSampling.read(root), stop(root),
                chat ? chatLogprobs(root) : root.integer("logprobs", 0, MAX_TEXT_LOGPROBS),
                new LocalFields(root.get("stream_options"), "stream_options.").flag("include_usage"),
                LocalFormat.read(root), answers, chat ? answers : candidates(root, answers),
                LocalTools.read(root), LocalReasoning.read(root));
    }

    /** Whether more answers are made than told. */
    boolean chooses() {
        return candidates > answers;
    }

    /** One request to the engine for each answer; a seed counts up from one to the next, so that they differ. */
    List<GenerationRequest> generations(int[] prompt, @Nullable Grammar grammar, Duration timeLimit) {
        Integer logprobs = topLogprobs == null && chooses() ? (Integer) 0 : topLogprobs;
        List<GenerationRequest> all = new ArrayList<>(candidates);
        for (int i = 0; i < candidates; i++) {
            Long seed = sampling.seed();
            all.add(new GenerationRequest(prompt, maxTokens, seed == null ? sampling : sampling.withSeed(seed + i),
                    stop, logprobs, timeLimit, grammar));
        }
        return all;
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

    private static int answers(LocalFields root, String name, int otherwise) {
        Integer answers = root.integer(name, 1, MAX_ANSWERS);
        return answers == null ? otherwise : answers;
    }

    private static int candidates(LocalFields root, int answers) {
        int candidates = answers(root, "best_of", answers);
        if (candidates < answers) {
            throw WrongField.of("invalid_value", "Invalid 'best_of': " + candidates + " is less than 'n', which is "
                    + answers + ". As many as are told must be made.", "best_of");
        }
        if (candidates > answers && root.flag("stream")) {
            throw WrongField.of("invalid_value",
                    "Invalid 'best_of': the best of several answers cannot be streamed. Set 'stream' to false, or "
                            + "'best_of' to 'n'.",
                    "best_of");
        }
        return candidates;
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
