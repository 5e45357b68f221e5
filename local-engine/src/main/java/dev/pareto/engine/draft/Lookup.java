package dev.pareto.engine.draft;

import java.util.Arrays;

/**
 * Guesses that what followed the last tokens before will follow them again: answers repeat their prompts and themselves
 * (Saxena 2023, "Prompt Lookup Decoding"). Of the places where the last two tokens stood it takes the one with the most
 * tokens before them alike, the newest of equals. Places are found through chains of hashes as in LZ77.
 */
public final class Lookup implements Drafter {

    /** Tokens alike from which on a place is worth no more. */
    private static final int LONGEST = 16;
    private static final int MOST_PLACES = 64;
    private static final int MOST_CHAINS = 1 << 16;

    /** For each hash of a pair the position after its newest one; 0 for none. */
    private final int[] newest;
    /** For each position of a pair's second token the position after the pair before it in its chain. */
    private int[] before;
    private int indexed = 1;

    /** @param promptTokens tells how much there will be to look through */
    public Lookup(int promptTokens) {
        this.newest = new int[Math.clamp(Integer.highestOneBit(promptTokens) * 2L, 1024, MOST_CHAINS)];
        this.before = new int[promptTokens + 64];
    }

    @Override
    public int[] draft(History history, int most) {
        int end = history.size() - 1;
        index(history, end);
        if (end < 1) {
            return new int[0];
        }
        int best = -1;
        int bestAlike = 1;
        int places = MOST_PLACES;
        for (int at = newest[chain(history, end)] - 1; at >= 0 && places > 0; at = before[at] - 1, places--) {
            int alike = alike(history, at, end);
            if (alike > bestAlike) {
                best = at;
                bestAlike = alike;
            }
        }
        return best < 0 ? new int[0] : following(history, best, most);
    }

    /** Adds the pairs that end before a position. */
    private void index(History history, int end) {
        if (before.length < end) {
            before = Arrays.copyOf(before, end + end / 2);
        }
        for (; indexed < end; indexed++) {
            int chain = chain(history, indexed);
            before[indexed] = newest[chain];
            newest[chain] = indexed + 1;
        }
    }

    private int chain(History history, int at) {
        int pair = (history.get(at - 1) * 0x9E3779B1 + history.get(at)) * 0x85EBCA77;
        return (pair ^ (pair >>> 16)) & (newest.length - 1);
    }

    private static int alike(History history, int at, int end) {
        int alike = 0;
        while (alike < LONGEST && alike <= at && history.get(at - alike) == history.get(end - alike)) {
            alike++;
        }
        return alike;
    }

    /** What came after a place; where that reaches the end, it goes on with what it has guessed itself. */
    private static int[] following(History history, int place, int most) {
        int[] guesses = new int[most];
        for (int i = 0; i < most; i++) {
            int from = place + 1 + i;
            guesses[i] = from < history.size() ? history.get(from) : guesses[from - history.size()];
        }
        return guesses;
    }

    @Override
    public void close() {
        // arrays only
    }
}
