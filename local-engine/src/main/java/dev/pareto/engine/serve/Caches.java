package dev.pareto.engine.serve;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Admits sequences: one gets all pages that its prompt and longest answer may need, or has to wait. What others of its
 * partition have computed of its prompt it shares, and needs fewer. Used by the compute thread; {@link #most} and the
 * counts by any.
 */
final class Caches {

    private final BatchModel model;
    private final PagePool pool;
    private final int most;

    Caches(BatchModel model, long budgetBytes) {
        this.model = model;
        this.pool = new PagePool(model, (int) Math.min(Integer.MAX_VALUE, budgetBytes / model.pageBytes()));
        this.most = (int) Math.min(model.contextLength(), (long) pool.total() * model.pageTokens());
    }

    /** The longest sequence that there are pages for when nothing else runs; at most the model's context. */
    int most() {
        return most;
    }

    /** The pages, for their counts. */
    PagePool pages() {
        return pool;
    }

    /** Bytes of all pages that running sequences have or may take. */
    long reservedBytes() {
        return (pool.inUse() + pool.promised()) * model.pageBytes();
    }

    /**
     * The pages for a sequence of at most so many tokens, or null if there are too few now.
     *
     * @param partition within which the prompt's pages are shared, or null for nowhere
     */
    @Nullable
    Lease lease(int[] prompt, int capacity, @Nullable String partition) {
        var chain = partition == null
                ? null
                : new Chain(partition, model.variant(capacity), prompt, model.pageTokens());
        var found = chain == null ? List.<Frame>of() : find(chain);
        int needed = Math.ceilDiv(capacity, model.pageTokens()) - found.size();
        int idle = (int) found.stream().filter(frame -> frame.users == 0).count();
        if (needed + idle > pool.available()) {
            return null;
        }
        var cache = model.newCache(capacity);
        pool.promise(needed);
        return new Lease(cache, model.pageTokens(), pool, needed, chain, found);
    }

    /** The pages of a prompt that are kept, from the first on; the chain passes them. */
    private List<Frame> find(Chain chain) {
        var found = new ArrayList<Frame>();
        for (var key = chain.nextToReuse(); key != null; key = chain.nextToReuse()) {
            var frame = pool.find(key);
            if (frame == null) {
                break;
            }
            found.add(frame);
            chain.pass(frame.id);
        }
        return found;
    }
}
