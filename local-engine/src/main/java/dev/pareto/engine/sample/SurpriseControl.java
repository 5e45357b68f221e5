package dev.pareto.engine.sample;

import java.util.Arrays;
import java.util.random.RandomGenerator;

import dev.pareto.engine.Sampling;

/**
 * Mirostat 1 and 2 (Basu et al. 2021): after each token the bound on surprise moves against the difference between the
 * surprise of that token, in bits, and the target. The bound starts at twice the target.
 */
final class SurpriseControl {

    /** How many of the likeliest tokens the exponent of Zipf's law is estimated from. */
    private static final int SAMPLE = 100;

    private final Sampling.Mirostat settings;
    private final Scratch scratch;
    private double bound;

    SurpriseControl(Sampling.Mirostat settings, Scratch scratch) {
        this.settings = settings;
        this.scratch = scratch;
        this.bound = 2 * settings.tau();
    }

    double bound() {
        return bound;
    }

    int draw(float[] logits, int from, float max, double temperature, RandomGenerator random) {
        int size = scratch.vocabulary;
        double total = 0;
        for (int i = from; i < from + size; i++) {
            total += Logits.weight(((double) logits[i] - max) / temperature);
        }
        int count = settings.version() == 1
                ? byZipf(logits, from, temperature)
                : bySurprise(logits, from, max, temperature, total);
        double kept = 0;
        for (int i = 0; i < count; i++) {
            scratch.weights[i] = Logits.weight(((double) Ranking.logit(scratch.keys[i]) - max) / temperature);
            kept += scratch.weights[i];
        }
        int index = scratch.pick(count, random);
        double surprise = -Math.log(scratch.weights[index] / kept) / Math.log(2);
        bound -= settings.eta() * (surprise - settings.tau());
        return Ranking.token(scratch.keys[index]);
    }

    /** Keeps the tokens whose surprise is within the bound, at least the likeliest. */
    private int bySurprise(float[] logits, int from, float max, double temperature, double total) {
        double least = max + temperature * (Math.log(total) - bound * Math.log(2));
        int count = 0;
        boolean best = false;
        for (int token = 0; token < scratch.vocabulary; token++) {
            float logit = logits[from + token];
            if (logit > Float.NEGATIVE_INFINITY && (logit >= least || (logit == max && !best))) {
                best |= logit == max;
                scratch.keys[count++] = Ranking.key(logit, token);
            }
        }
        return count;
    }

    /** Keeps as many tokens as a Zipf distribution with the estimated exponent needs to hold the bound. */
    private int byZipf(float[] logits, int from, double temperature) {
        int size = scratch.vocabulary;
        int count = Ranking.selectTop(logits, from, size, Math.min(SAMPLE, size), scratch.keys);
        Arrays.sort(scratch.keys, 0, count);
        double products = 0;
        double squares = 0;
        for (int i = 0; i + 1 < count; i++) {
            double ratio = (Ranking.logit(scratch.keys[count - 1 - i]) - (double) Ranking.logit(scratch.keys[count - 2
                    - i])) / temperature;
            double step = Math.log((i + 2.0) / (i + 1.0));
            products += step * ratio;
            squares += step * step;
        }
        double exponent = products / squares;
        double excess = exponent - 1;
        double most = Math.pow(excess * Math.pow(2, bound) / (1 - Math.pow(size, -excess)), 1 / exponent);
        int keep = most >= size ? size : Math.max(1, (int) most); // a NaN keeps one
        return Ranking.selectTop(logits, from, size, keep, scratch.keys);
    }
}
