package dev.pareto.engine.serve;

/**
 * A text to be read, or two that are read together.
 *
 * @param tokens of all
 * @param second the index at which the second text begins; the length where there is one
 */
@SuppressWarnings("ArrayRecordComponent") // passed down once, never compared
public record Passage(int[] tokens, int second) {

    /** Checks the range and copies. */
    public Passage {
        if (second < 0 || second > tokens.length) {
            throw new IllegalArgumentException("the second text begins at " + second + " of " + tokens.length);
        }
        tokens = tokens.clone();
    }

    /** One text. */
    public static Passage of(int[] tokens) {
        return new Passage(tokens, tokens.length);
    }
}
