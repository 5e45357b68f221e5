package dev.pareto.engine.serve;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** The full pages of one prompt, one after the other, as the keys under which they are kept. */
final class Chain {

    private final String partition;
    private final int variant;
    private final int[] prompt;
    private final int pageTokens;
    private int pages;
    private long last;
    private @Nullable PrefixKey next;

    Chain(String partition, int variant, int[] prompt, int pageTokens) {
        this.partition = partition;
        this.variant = variant;
        this.prompt = prompt;
        this.pageTokens = pageTokens;
    }

    /** Pages that were passed. */
    int pages() {
        return pages;
    }

    /** Tokens of these. */
    int tokens() {
        return pages * pageTokens;
    }

    /** The next page; null where the prompt does not fill it. */
    @Nullable
    PrefixKey next() {
        if (next == null && tokens() + pageTokens <= prompt.length) {
            next = new PrefixKey(partition, variant, last,
                    Arrays.copyOfRange(prompt, tokens(), tokens() + pageTokens));
        }
        return next;
    }

    /** The next page if it may be taken over: the prompt's last token is always computed, for what comes after it. */
    @Nullable
    PrefixKey nextToReuse() {
        return tokens() + pageTokens < prompt.length ? next() : null;
    }

    /** Goes on behind the next page, which is kept in the frame of this name. */
    void pass(long id) {
        pages++;
        last = id;
        next = null;
    }
}
