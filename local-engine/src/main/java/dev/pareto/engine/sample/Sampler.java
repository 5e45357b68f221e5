package dev.pareto.engine.sample;

import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.Sampling;

/**
 * Draws the tokens of one sequence. The order is that of llama.cpp: logit bias, penalties, top-k, top-p, min-p,
 * temperature, draw; top-p and min-p therefore see the distribution before temperature, and top-p the one that top-k
 * left, renormalised. Temperature 0 takes the likeliest token after bias and penalties, the lowest id among equals, and
 * draws no random number; any other draws exactly one a token. Not thread-safe; all samplers of a thread share its
 * {@link Scratch}.
 */
public final class Sampler {

    private final Sampling sampling;
    private final RandomGenerator random;
    private final Scratch scratch;
    private final @Nullable Penalties penalties;

    /**
     * @param prompt tokens before the first one drawn; they count for the repetition penalty
     * @throws EngineException.InvalidRequest if a bias is for a token that does not exist
     */
    public Sampler(Sampling sampling, RandomGenerator random, Scratch scratch, int[] prompt) {
        this.sampling = sampling;
        this.random = random;
        this.scratch = scratch;
        this.penalties = sampling.penalises() ? new Penalties(sampling, prompt) : null;
        for (int token : sampling.logitBias().keySet()) {
            if (token < 0 || token >= scratch.vocabulary) {
                throw new EngineException.InvalidRequest("logit_bias names token " + token + "; tokens are 0 to "
                        + (scratch.vocabulary - 1));
            }
        }
    }

    /**
     * The next token, which from now on counts for penalties.
     *
     * @param raw holds one logit for each token of the vocabulary; not changed
     * @param offset of the first of them
     * @throws EngineException.ComputationFailed if a logit is NaN or plus infinity, or all are minus infinity
     */
    public int next(float[] raw, int offset) {
        int size = scratch.vocabulary;
        boolean plain = penalties == null && sampling.logitBias().isEmpty();
        float[] logits = plain ? raw : adjusted(raw, offset);
        int from = plain ? offset : 0;
        float max = Logits.max(logits, from, size);
        int token = sampling.temperature() == 0 ? Logits.first(logits, from, max) : draw(logits, from, max);
        if (penalties != null) {
            penalties.accept(token);
        }
        return token;
    }

    private float[] adjusted(float[] raw, int offset) {
        System.arraycopy(raw, offset, scratch.logits, 0, scratch.vocabulary);
        sampling.logitBias().forEach((token, bias) -> scratch.logits[token] += bias);
        if (penalties != null) {
            penalties.apply(scratch.logits);
        }
        return scratch.logits;
    }

    private int draw(float[] logits, int from, float max) {
        int size = scratch.vocabulary;
        boolean topK = sampling.topK() > 0 && sampling.topK() < size;
        if (!topK && sampling.topP() == 1 && sampling.minP() == 0) {
            for (int token = 0; token < size; token++) {
                scratch.weights[token] = Logits.weight(((double) logits[from + token] - max) / sampling.temperature());
            }
            return pick(size);
        }
        int first = topK ? best(logits, from, max) : nucleus(logits, from, max);
        int count = size - first;
        for (int i = 0; i < count; i++) {
            double belowMax = (double) Ranking.logit(scratch.keys[first + i]) - max;
            scratch.weights[i] = Logits.weight(belowMax / sampling.temperature());
        }
        return Ranking.token(scratch.keys[first + pick(count)]);
    }

    /** Top-k, then the other cuts. Puts the kept keys at the end of the array and gives the index of the first. */
    private int best(float[] logits, int from, float max) {
        long[] keys = scratch.keys;
        int count = Ranking.selectTop(logits, from, scratch.vocabulary, sampling.topK(), keys);
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += Logits.weight((double) Ranking.logit(keys[i]) - max);
        }
        return keep(count, max, sampling.topP() < 1 ? sampling.topP() * total : Double.POSITIVE_INFINITY);
    }

    /** Top-p and min-p over the whole vocabulary; the result is as of {@link #best}. */
    private int nucleus(float[] logits, int from, float max) {
        long[] keys = scratch.keys;
        int size = scratch.vocabulary;
        double topP = sampling.topP();
        double total = topP < 1 ? Logits.totalWeight(logits, from, size, max) : Double.POSITIVE_INFINITY;
        // Tokens below (1-p)/n of the mass weigh less than 1-p together: the nucleus cannot reach them.
        double least = topP < 1 ? max + Math.log((1 - topP) * total / size) : Double.NEGATIVE_INFINITY;
        least = Math.max(least - 1e-6, max + Math.log(sampling.minP()));
        int count = 0;
        for (int token = 0; token < size; token++) {
            float logit = logits[from + token];
            if (logit == max || (logit >= least && logit > Float.NEGATIVE_INFINITY)) {
                keys[count++] = Ranking.key(logit, token);
            }
        }
        return keep(count, max, topP * total);
    }

    /**
     * Keeps the best of the first keys until their weights reach a sum or min-p cuts, at least one. Kept keys go to the
     * end of the array, the best last; the result is the index of the first kept.
     */
    private int keep(int candidates, float max, double enough) {
        long[] keys = scratch.keys;
        double leastLogit = max + Math.log(sampling.minP());
        Ranking.heapify(keys, candidates);
        double sum = 0;
        int kept = 0;
        while (kept < candidates) {
            double logit = Ranking.logit(keys[0]);
            if (kept > 0 && (sum >= enough || logit < leastLogit)) {
                break;
            }
            Ranking.pop(keys, candidates - kept);
            kept++;
            sum += Logits.weight(logit - max);
        }
        System.arraycopy(keys, candidates - kept, keys, keys.length - kept, kept);
        return keys.length - kept;
    }

    /** An index below {@code count} with a probability in proportion to its weight. */
    private int pick(int count) {
        double[] weights = scratch.weights;
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[i];
        }
        double rest = random.nextDouble() * total;
        int last = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] > 0) {
                last = i;
                rest -= weights[i];
                if (rest < 0) {
                    break;
                }
            }
        }
        return last;
    }
}
