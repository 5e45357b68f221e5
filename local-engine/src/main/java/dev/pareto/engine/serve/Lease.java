package dev.pareto.engine.serve;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One sequence's hold on its pages until {@link #release}. Its table begins with pages that others computed, as far as
 * its prompt is one of theirs, and goes on with its own. Confined to the compute thread.
 */
final class Lease {

    private final BatchModel.Cache cache;
    private final int pageTokens;
    private final PagePool pool;
    private final @Nullable Chain chain;
    private final List<Frame> frames = new ArrayList<>();
    private int promised;
    private int tokens;

    /**
     * @param promised pages that the sequence may take
     * @param chain the prompt's pages, those found passed; null if they are nobody else's
     * @param found the pages that the sequence begins with
     */
    Lease(BatchModel.Cache cache, int pageTokens, PagePool pool, int promised, @Nullable Chain chain,
            List<Frame> found) {
        this.cache = cache;
        this.pageTokens = pageTokens;
        this.pool = pool;
        this.promised = promised;
        this.chain = chain;
        found.forEach(this::adopt);
    }

    BatchModel.Cache cache() {
        return cache;
    }

    /** Whether slices of the prompt are to end where pages do, so that equal prompts are computed in equal steps. */
    boolean aligned() {
        return chain != null;
    }

    /** The end of a slice of the prompt that should end at a token: there, or at the last end of a page before. */
    int endOfSlice(int from, int end) {
        int boundary = end / pageTokens * pageTokens;
        return aligned() && boundary > from ? boundary : end;
    }

    /** Tokens that there is room for or that were taken over. */
    int tokens() {
        return tokens;
    }

    /** Takes pages until there is room for so many more tokens. */
    void grow(int more) {
        tokens += more;
        while ((long) frames.size() * pageTokens < tokens) {
            if (promised == 0) {
                throw new IllegalStateException("a sequence outgrew the " + frames.size() + " pages it was promised");
            }
            var frame = pool.take();
            promised--;
            frames.add(frame);
            cache.add(frame.page);
        }
    }

    /**
     * Forgets all but so many tokens; their pages are kept for the next ones.
     *
     * @throws IllegalStateException if these would be written into a page that others may use
     */
    void truncate(int newTokens) {
        if (newTokens > tokens || (chain != null && newTokens < chain.tokens())) {
            throw new IllegalStateException("cannot cut a sequence of " + tokens + " tokens to " + newTokens);
        }
        if (newTokens < tokens) {
            tokens = newTokens;
            cache.truncate(newTokens);
        }
    }

    /**
     * Takes over what others have computed since, if the sequence stands at the end of a page.
     *
     * @return how many tokens of the prompt need not be computed any more
     */
    int reuse() {
        int before = tokens;
        if (chain != null && chain.tokens() == tokens) {
            for (var key = chain.nextToReuse(); key != null; key = chain.nextToReuse()) {
                var frame = pool.find(key);
                if (frame == null) {
                    break;
                }
                promised--;
                pool.takeBack(1);
                adopt(frame);
                chain.pass(frame.id);
            }
        }
        return tokens - before;
    }

    private void adopt(Frame frame) {
        pool.use(frame);
        frames.add(frame);
        cache.addFull(frame.page);
        tokens += pageTokens;
    }

    /** Lets others use the pages that these first tokens of the prompt, now computed, have filled. */
    void keep(int computed) {
        if (chain == null) {
            return;
        }
        for (var key = chain.next(); key != null && chain.tokens() + pageTokens <= computed; key = chain.next()) {
            chain.pass(pool.keep(key, frames.get(chain.pages())).id);
        }
    }

    /** The page that is computed next, if others may want to take it over; else null. */
    @Nullable
    PrefixKey nextToReuse() {
        return chain == null ? null : chain.nextToReuse();
    }

    /** Whether a part of that page is computed already. */
    boolean midPage() {
        return tokens % pageTokens != 0;
    }

    /** Gives the pages back. A second call does nothing. */
    void release() {
        pool.takeBack(promised);
        promised = 0;
        frames.reversed().forEach(pool::leave);
        frames.clear();
    }
}
