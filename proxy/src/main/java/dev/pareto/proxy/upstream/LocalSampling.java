package dev.pareto.proxy.upstream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.engine.Sampling;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The fields that say how tokens are drawn: OpenAI's, and beyond these llama.cpp's under its server's names. Where OpenAI has a
 * default it holds; the other steps are off until they are asked for.
 */
final class LocalSampling {

    static final Set<String> FIELDS = Set.of("temperature", "top_k", "top_p", "min_p", "typical_p", "top_n_sigma",
            "min_keep", "xtc_probability", "xtc_threshold", "repeat_penalty", "repetition_penalty", "repeat_last_n",
            "frequency_penalty", "presence_penalty", "dry_multiplier", "dry_base", "dry_allowed_length",
            "dry_penalty_last_n", "dry_sequence_breakers", "mirostat", "mirostat_tau", "mirostat_eta", "logit_bias",
            "seed");

    private static final double LEAST_ABOVE_ZERO = 0.01;
    private static final double MOST = 100;
    /** Of the window of {@code repeat_penalty}, which llama.cpp's callers rely on. */
    private static final int LLAMA_CPP_WINDOW = 64;
    private static final int MAX_BREAKERS = 64;
    private static final int MAX_BREAKER_CHARACTERS = 40;

    private LocalSampling() {}

    /** @throws RefusedException naming the field that is wrong */
    static Sampling read(LocalFields root) {
        int topK = or(root.integer("top_k", -1, Integer.MAX_VALUE), 0);
        return new Sampling(root.decimal("temperature", 1, 0, 2), Math.max(0, topK),
                root.decimal("top_p", 1, 0, 1), root.decimal("min_p", 0, 0, 1),
                repetitionPenalty(root),
                root.decimal("frequency_penalty", 0, -2, 2), root.decimal("presence_penalty", 0, -2, 2),
                window(root), root.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE), bias(root),
                Math.max(0, root.decimal("top_n_sigma", 0, -1, MOST)), root.decimal("typical_p", 1, 0, 1), xtc(root),
                dry(root), mirostat(root), or(root.integer("min_keep", 0, Integer.MAX_VALUE), 0));
    }

    /** llama.cpp and vLLM have a name each. */
    private static double repetitionPenalty(LocalFields root) {
        if (root.has("repeat_penalty") && root.has("repetition_penalty")) {
            throw WrongField.of("invalid_value",
                    "'repeat_penalty' and 'repetition_penalty' are two names for one setting; send one of them.",
                    "repeat_penalty");
        }
        return root.decimal(root.has("repeat_penalty") ? "repeat_penalty" : "repetition_penalty", 1, LEAST_ABOVE_ZERO,
                MOST);
    }

    private static int window(LocalFields root) {
        return or(root.integer("repeat_last_n", Sampling.WHOLE_CONTEXT, Integer.MAX_VALUE),
                root.has("repeat_penalty") ? LLAMA_CPP_WINDOW : Sampling.WHOLE_CONTEXT);
    }

    private static Sampling.@Nullable Xtc xtc(LocalFields root) {
        double probability = root.decimal("xtc_probability", 0, 0, 1);
        double threshold = root.decimal("xtc_threshold", 0.1, 0, 1);
        return probability == 0 ? null : new Sampling.Xtc(probability, threshold);
    }

    private static Sampling.@Nullable Dry dry(LocalFields root) {
        Sampling.Dry usual = Sampling.Dry.of(root.decimal("dry_multiplier", 0, 0, MOST));
        Sampling.Dry dry = new Sampling.Dry(usual.multiplier(), root.decimal("dry_base", usual.base(), 1, 10),
                or(root.integer("dry_allowed_length", 0, Integer.MAX_VALUE), usual.allowedLength()),
                or(root.integer("dry_penalty_last_n", Sampling.WHOLE_CONTEXT, Integer.MAX_VALUE), usual.window()),
                breakers(root, usual.breakers()));
        return dry.multiplier() == 0 ? null : dry;
    }

    private static List<String> breakers(LocalFields root, List<String> otherwise) {
        JsonNode breakers = root.get("dry_sequence_breakers");
        if (breakers.isMissingNode()) {
            return otherwise;
        }
        if (!breakers.isArray() || !breakers.valueStream().allMatch(JsonNode::isString)) {
            throw root.wrongType("dry_sequence_breakers", "an array of strings");
        }
        List<String> texts = breakers.valueStream().map(JsonNode::asString).toList();
        if (texts.size() > MAX_BREAKERS
                || !texts.stream().allMatch(text -> !text.isEmpty() && text.length() <= MAX_BREAKER_CHARACTERS)) {
            throw WrongField.of("invalid_value", "Invalid 'dry_sequence_breakers': expected at most " + MAX_BREAKERS
                    + " strings of 1 to " + MAX_BREAKER_CHARACTERS + " characters.", "dry_sequence_breakers");
        }
        return texts;
    }

    private static Sampling.@Nullable Mirostat mirostat(LocalFields root) {
        int version = or(root.integer("mirostat", 0, 2), 0);
        double tau = root.decimal("mirostat_tau", 5, LEAST_ABOVE_ZERO, MOST);
        double eta = root.decimal("mirostat_eta", 0.1, 0, 1);
        return version == 0 ? null : new Sampling.Mirostat(version, tau, eta);
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

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
