package dev.pareto.engine;

import java.util.List;

/**
 * A piece of an answer.
 *
 * @param text whole characters only: bytes of a character that is not complete yet come with a later delta. Empty only
 *            where tokens without text have log-probabilities
 * @param logprobs of the tokens whose text ends in this piece, if the request asked for them
 */
public record TextDelta(String text, List<TokenLogprob> logprobs) {

    /** Copies. */
    public TextDelta {
        logprobs = List.copyOf(logprobs);
    }
}
