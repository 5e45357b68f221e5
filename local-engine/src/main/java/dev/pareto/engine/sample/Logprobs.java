package dev.pareto.engine.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.TokenLogprob;

/**
 * Log-probabilities in OpenAI's sense: the log-softmax of the raw logits, whatever the sampling settings. Costs one pass
 * over the vocabulary, so it is computed only for requests that ask. Not thread-safe.
 */
public final class Logprobs {

    private final Scratch scratch;
    private final IntFunction<byte[]> bytes;

    /**
     * @param scratch shared with the samplers of the same thread
     * @param bytes what a token stands for
     */
    public Logprobs(Scratch scratch, IntFunction<byte[]> bytes) {
        this.scratch = scratch;
        this.bytes = bytes;
    }

    /**
     * How likely a token was, and the likeliest ones.
     *
     * @param raw holds the logits the token was drawn from
     * @param offset of the first of them
     * @param alternatives how many of the likeliest to tell
     * @throws EngineException.ComputationFailed as {@link Sampler#next}
     */
    public TokenLogprob of(float[] raw, int offset, int token, int alternatives) {
        int size = scratch.vocabulary;
        float max = Logits.max(raw, offset, size);
        double logTotal = max + Math.log(Logits.totalWeight(raw, offset, size, max));
        var top = new ArrayList<TokenLogprob>(alternatives);
        if (alternatives > 0) {
            long[] keys = scratch.keys;
            int count = Ranking.selectTop(raw, offset, size, Math.min(alternatives, size), keys);
            Arrays.sort(keys, 0, count);
            for (int i = count - 1; i >= 0; i--) {
                top.add(plain(Ranking.token(keys[i]), Ranking.logit(keys[i]) - logTotal, List.of()));
            }
        }
        return plain(token, raw[offset + token] - logTotal, top);
    }

    private TokenLogprob plain(int token, double logprob, List<TokenLogprob> top) {
        return new TokenLogprob(token, bytes.apply(token), logprob, top);
    }
}
