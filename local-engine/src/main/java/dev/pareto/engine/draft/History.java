package dev.pareto.engine.draft;

import java.util.Arrays;
import java.util.Objects;

/** The tokens of one sequence so far, prompt and answer; it only grows. Not thread-safe. */
public final class History {

    private int[] tokens;
    private int size;

    /** Begins with a prompt. */
    public History(int[] prompt) {
        tokens = prompt.clone();
        size = prompt.length;
    }

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size + Math.max(64, size / 2));
        }
        tokens[size++] = token;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The token at a position. */
    public int get(int position) {
        return tokens[Objects.checkIndex(position, size)];
    }

    /** A copy of the tokens from one position to before another. */
    public int[] copy(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return Arrays.copyOfRange(tokens, from, to);
    }
}
