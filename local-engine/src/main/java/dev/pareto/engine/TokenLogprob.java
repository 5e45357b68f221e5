package dev.pareto.engine;

import java.util.List;

/**
 * How likely the model held a token to be: the log-softmax of the raw logits, before bias, penalties, temperature and
 * cuts, as OpenAI tells it.
 *
 * @param token the id
 * @param bytes the bytes it stands for, maybe only a part of a character; treat as read-only
 * @param logprob natural logarithm of the probability
 * @param top the likeliest tokens at this place, the likeliest first, each without a {@code top} of its own; the token
 *            itself is among them only if it is that likely
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record TokenLogprob(int token, byte[] bytes, double logprob, List<TokenLogprob> top) {

    /** Copies. */
    public TokenLogprob {
        top = List.copyOf(top);
    }
}
