package dev.pareto.engine.model;

import java.util.Objects;

/**
 * Consecutive tokens of one sequence: a part of its prompt or its newest token.
 *
 * @param cache of the sequence; the tokens come after those it holds
 * @param tokens an array of ids, read during the call only
 * @param from the first token of the slice
 * @param to one past the last
 * @param wanted for which tokens logits are to be computed
 * @param second where in the array the second of two texts begins that an encoder reads together; beyond it for one text
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared; a copy per token would be waste
public record Slice(KvCache cache, int[] tokens, int from, int to, LogitsWanted wanted, int second) {

    /** Checks the range. */
    public Slice {
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(wanted, "wanted");
        Objects.checkFromToIndex(from, to, tokens.length);
        if (from == to) {
            throw new IllegalArgumentException("a slice needs at least one token");
        }
    }

    /** A slice of one text. */
    public Slice(KvCache cache, int[] tokens, int from, int to, LogitsWanted wanted) {
        this(cache, tokens, from, to, wanted, tokens.length);
    }

    /** A slice of all tokens. */
    public static Slice of(KvCache cache, LogitsWanted wanted, int... tokens) {
        return new Slice(cache, tokens, 0, tokens.length, wanted);
    }

    /** Tokens in the slice. */
    public int length() {
        return to - from;
    }

    /** Rows of logits that the slice asks for. */
    public int rows() {
        return switch (wanted) {
            case NONE -> 0;
            case LAST -> 1;
            case ALL -> length();
        };
    }
}
