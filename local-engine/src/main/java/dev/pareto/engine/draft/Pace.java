package dev.pareto.engine.draft;

/**
 * How many tokens to guess next: twice as many after guesses that were all right, half as many after more wrong than
 * right ones, and none for a while, each time for longer, when even one at a time is wrong. So text that cannot be guessed
 * costs a bounded handful of wrong guesses.
 */
final class Pace {

    private static final int FIRST = 3;
    /** Tokens. */
    private static final int SHORTEST_REST = 8;
    private static final int LONGEST_REST = 512;

    private final int most;
    private int length;
    private int rest = SHORTEST_REST;
    private int restsUntil;

    Pace(int most) {
        this.most = most;
        this.length = Math.min(FIRST, most);
    }

    /** Tokens to guess after so many, 0 for none. */
    int next(int size) {
        return size < restsUntil ? 0 : length;
    }

    /** Learns how many guesses, of at least one, were right; the sequence has so many tokens now. */
    void learn(int size, int guessed, int right) {
        if (right == guessed) {
            length = Math.min(most, 2 * length);
            rest = SHORTEST_REST;
        } else if (2 * right < guessed) {
            length /= 2;
        }
        if (length == 0) {
            length = 1;
            restsUntil = size + rest;
            rest = Math.min(LONGEST_REST, 2 * rest);
        }
    }
}
