package dev.pareto.engine;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How the next token is drawn. Refusals name the fields as OpenAI's API does, because its callers read them. The steps run
 * in this order, that of llama.cpp's server: logit bias; the constraint of the
 * request, if any; repetition, frequency and presence penalties; DRY; top-n-sigma; top-k; typical; top-p; min-p; XTC;
 * temperature; draw. With {@link Mirostat} everything between constraint and temperature is left out, penalties
 * included, and temperature comes before it.
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
 * @param topNSigma keep the tokens whose logits are at most this many standard deviations below the largest, up to 100;
 *            0 keeps all
 * @param typicalP keep the tokens whose surprise is nearest to the expected one until their probabilities exceed this
 *            sum, 0 to 1, at least one token; 1 keeps all (Meister et al. 2022, "Locally Typical Sampling")
 * @param xtc null for off
 * @param dry null for off
 * @param mirostat null for off
 * @param minKeep typical, top-p, min-p and XTC leave at least so many tokens where there are; 0 is the same as 1
 */
public record Sampling(double temperature, int topK, double topP, double minP, double repetitionPenalty,
        double frequencyPenalty, double presencePenalty, int penaltyWindow, @Nullable Long seed,
        Map<Integer, Float> logitBias, double topNSigma, double typicalP, @Nullable Xtc xtc, @Nullable Dry dry,
        @Nullable Mirostat mirostat, int minKeep) {

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
        check(topNSigma >= 0 && topNSigma <= 100, "top_n_sigma", topNSigma, "0 to 100");
        check(typicalP >= 0 && typicalP <= 1, "typical_p", typicalP, "0 to 1");
        check(minKeep >= 0, "min_keep", minKeep, "0 or more");
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((token, bias) -> check(Math.abs(bias) <= 100, "logit_bias of " + token, bias, "-100 to 100"));
    }

    /** Without the rarer steps: top-n-sigma, typical, XTC, DRY, mirostat and the least number are off. */
    public Sampling(double temperature, int topK, double topP, double minP, double repetitionPenalty,
            double frequencyPenalty, double presencePenalty, int penaltyWindow, @Nullable Long seed,
            Map<Integer, Float> logitBias) {
        this(temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty, penaltyWindow, seed,
                logitBias, 0, 1, null, null, null, 0);
    }

    /**
     * Excludes top choices: with this probability all tokens at least as likely as the threshold are dropped but the
     * least likely of them.
     *
     * @param probability 0 to 1
     * @param threshold 0 to 1; above 0.5 no two tokens can reach it
     */
    public record Xtc(double probability, double threshold) {

        /** Checks the ranges. */
        public Xtc {
            check(probability >= 0 && probability <= 1, "xtc probability", probability, "0 to 1");
            check(threshold >= 0 && threshold <= 1, "xtc threshold", threshold, "0 to 1");
        }
    }

    /**
     * "Don't repeat yourself": a token that would go on repeating an earlier sequence of n tokens loses
     * {@code multiplier * base^(n - allowedLength)} of its logit once n reaches the allowed length.
     *
     * @param multiplier 0 (off) to 100
     * @param base 1 to 10
     * @param allowedLength how long a repetition may be for free, 0 or more
     * @param window the last tokens that are looked through, prompt included; 0 turns it off, -1 takes all
     * @param breakers texts over which no repetition is followed: a token that holds one ends it
     */
    public record Dry(double multiplier, double base, int allowedLength, int window, List<String> breakers) {

        private static final int MAX_BREAKERS = 64;

        /** Checks the ranges and copies. */
        public Dry {
            check(multiplier >= 0 && multiplier <= 100, "dry multiplier", multiplier, "0 to 100");
            check(base >= 1 && base <= 10, "dry base", base, "1 to 10");
            check(allowedLength >= 0, "dry allowed length", allowedLength, "0 or more");
            check(window >= WHOLE_CONTEXT, "dry window", window, "-1 or more");
            breakers = List.copyOf(breakers);
            check(breakers.size() <= MAX_BREAKERS, "the number of dry breakers", breakers.size(),
                    "at most " + MAX_BREAKERS);
            breakers.forEach(text -> check(!text.isEmpty() && text.length() <= 40, "the length of a dry breaker",
                    text.length(), "1 to 40"));
        }

        /** With the base, length, window and breakers that llama.cpp takes where a request does not say. */
        public static Dry of(double multiplier) {
            return new Dry(multiplier, 1.75, 2, WHOLE_CONTEXT, List.of("\n", ":", "\"", "*"));
        }
    }

    /**
     * Holds the surprise of the drawn tokens near a target (Basu et al. 2021, "Mirostat").
     *
     * @param version 1 estimates the tail by Zipf's law, 2 cuts by surprise
     * @param tau the target in bits, above 0 to 100
     * @param eta how fast the bound follows, 0 to 1
     */
    public record Mirostat(int version, double tau, double eta) {

        /** Checks the ranges. */
        public Mirostat {
            check(version == 1 || version == 2, "mirostat", version, "1 or 2");
            check(tau > 0 && tau <= 100, "mirostat tau", tau, "above 0, at most 100");
            check(eta >= 0 && eta <= 1, "mirostat eta", eta, "0 to 1");
        }
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
                penaltyWindow, newSeed, logitBias, topNSigma, typicalP, xtc, dry, mirostat, minKeep);
    }

    /** The same with top-n-sigma. */
    public Sampling withTopNSigma(double newSigma) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty,
                penaltyWindow, seed, logitBias, newSigma, typicalP, xtc, dry, mirostat, minKeep);
    }

    /** The same with typical sampling. */
    public Sampling withTypicalP(double newTypicalP) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty,
                penaltyWindow, seed, logitBias, topNSigma, newTypicalP, xtc, dry, mirostat, minKeep);
    }

    /** The same with XTC, or without. */
    public Sampling withXtc(@Nullable Xtc newXtc) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty,
                penaltyWindow, seed, logitBias, topNSigma, typicalP, newXtc, dry, mirostat, minKeep);
    }

    /** The same with DRY, or without. */
    public Sampling withDry(@Nullable Dry newDry) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty,
                penaltyWindow, seed, logitBias, topNSigma, typicalP, xtc, newDry, mirostat, minKeep);
    }

    /** The same with mirostat, or without. */
    public Sampling withMirostat(@Nullable Mirostat newMirostat) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty,
                penaltyWindow, seed, logitBias, topNSigma, typicalP, xtc, dry, newMirostat, minKeep);
    }

    /** The same with another least number of tokens to draw from. */
    public Sampling withMinKeep(int newMinKeep) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty,
                penaltyWindow, seed, logitBias, topNSigma, typicalP, xtc, dry, mirostat, newMinKeep);
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
