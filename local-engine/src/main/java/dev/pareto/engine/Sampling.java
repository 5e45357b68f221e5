package dev.pareto.engine;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How the next token is drawn. Refusals name the fields as OpenAI's API does, because its callers read them. The steps run in this order: logit bias; repetition, frequency and presence penalties;
 * top-k; top-p; min-p; temperature; draw.
 *
 * @param temperature 0 takes the likeliest token; otherwise logits are divided by it, up to 100
 * @param topK keep the k likeliest tokens; 0 keeps all
 * @param topP keep the smallest set of likeliest tokens whose probabilities reach this sum, 0 to 1, at least one token;
 *            1 keeps all
 * @param minP keep the tokens that are at least this share as likely as the likeliest, 0 to 1; 0 keeps all
 * @param repetitionPenalty logits of tokens of the window, prompt included, are divided (positive) or multiplied
 *            (negative) by this; 1 is off
 * @param frequencyPenalty taken off a token's logit for each time it was drawn within the window, -2 to 2
 * @param presencePenalty taken off a token's logit once if it was drawn within the window, -2 to 2
 * @param penaltyWindow the last tokens that count for penalties; 0 turns them off, -1 counts all
 * @param seed the same seed, settings and logits give the same tokens; null draws a fresh seed
 * @param logitBias added to the logits of these tokens, -100 to 100
 */
public record Sampling(double temperature, int topK, double topP, double minP, double repetitionPenalty,
        double frequencyPenalty, double presencePenalty, int penaltyWindow, @Nullable Long seed,
        Map<Integer, Float> logitBias) {

    /** The window that counts every token. */
    public static final int WHOLE_CONTEXT = -1;

    /** Checks the ranges. */
    public Sampling {
        check(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
        check(topK >= 0, "top_k", topK, "0 or more");
        check(topP >= 0 && topP <= 1, "top_p", topP, "0 to 1");
        check(minP >= 0 && minP <= 1, "min_p", minP, "0 to 1");
        check(repetitionPenalty > 0 && repetitionPenalty <= 100, "repetition_penalty", repetitionPenalty,
                "above 0, at most 100");
        check(Math.abs(frequencyPenalty) <= 2, "frequency_penalty", frequencyPenalty, "-2 to 2");
        check(Math.abs(presencePenalty) <= 2, "presence_penalty", presencePenalty, "-2 to 2");
        check(penaltyWindow >= WHOLE_CONTEXT, "penalty_window", penaltyWindow, "-1 or more");
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((token, bias) -> check(Math.abs(bias) <= 100, "logit_bias of " + token, bias, "-100 to 100"));
    }

    /** Always the likeliest token. */
    public static Sampling greedy() {
        return atTemperature(0);
    }

    /** The whole distribution at a temperature, a fresh seed each time. */
    public static Sampling atTemperature(double temperature) {
        return new Sampling(temperature, 0, 1, 0, 1, 0, 0, WHOLE_CONTEXT, null, Map.of());
    }

    /** The same with a seed. */
    public Sampling withSeed(long newSeed) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty,
                penaltyWindow, newSeed, logitBias);
    }

    /** Whether any penalty can change a logit. */
    public boolean penalises() {
        return penaltyWindow != 0 && (repetitionPenalty != 1 || frequencyPenalty != 0 || presencePenalty != 0);
    }

    private static void check(boolean good, String name, Number value, String range) {
        if (!good) {
            throw new EngineException.InvalidRequest(name + " is " + value + "; it must be " + range);
        }
    }
}
