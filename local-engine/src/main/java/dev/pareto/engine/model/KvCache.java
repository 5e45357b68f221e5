package dev.pareto.engine.model;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.CacheType;

/**
 * The keys and values of one sequence: a table of {@link KvPage}s, to which pages are added as the sequence grows;
 * nothing is ever copied. Either the cache makes its pages itself or its owner adds them, which may then be shared with
 * other sequences as far as they are full. Used by one thread at a time.
 */
public final class KvCache implements AutoCloseable {

    static final int PAGE = KvPage.TOKENS;

    private final KvLayout layout;
    private final int capacity;
    private final @Nullable CacheType ownPages;
    private final List<KvPage> pages = new ArrayList<>();
    private int length;
    private boolean closed;

    /** @param ownPages the type of the pages that the cache makes, or null if they are given to it */
    KvCache(KvLayout layout, int capacity, @Nullable CacheType ownPages) {
        this.layout = layout;
        this.capacity = capacity;
        this.ownPages = ownPages;
    }

    /** Tokens that the cache holds. */
    public int length() {
        return length;
    }

    /** Tokens that it can hold. */
    public int capacity() {
        return capacity;
    }

    /** Bytes of the pages that it has made itself. */
    public long bytes() {
        return ownPages == null ? 0 : pages.stream().mapToLong(KvPage::bytes).sum();
    }

    /**
     * Gives the cache a page for its next tokens.
     *
     * @throws IllegalArgumentException if the page is another decoder's
     */
    public void add(KvPage page) {
        requireOpen();
        requireOurs(page);
        pages.add(page);
    }

    /**
     * Gives the cache a page whose tokens are computed already, after the very tokens that this cache holds.
     *
     * @throws IllegalArgumentException if the page is another decoder's
     * @throws IllegalStateException if the cache's last page is not full
     */
    public void addFull(KvPage page) {
        requireOpen();
        requireOurs(page);
        if (length != pages.size() * PAGE || length > capacity - PAGE) {
            throw new IllegalStateException("a full page after " + length + " tokens in " + pages.size()
                    + " pages of a cache for " + capacity);
        }
        pages.add(page);
        length += PAGE;
    }

    @SuppressWarnings("ReferenceEquality") // the object says which decoder it is
    private void requireOurs(KvPage page) {
        if (page.layout() != layout) {
            throw new IllegalArgumentException("a page of another decoder");
        }
    }

    /**
     * Forgets the tokens from {@code newLength} on; pages stay for reuse. Pages that are shared must stay whole.
     *
     * @throws IllegalArgumentException if the cache holds fewer
     */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("cannot truncate " + length + " tokens to " + newLength);
        }
        length = newLength;
    }

    /** Lets the pages go; the cache cannot be used any more. */
    @Override
    public void close() {
        closed = true;
        length = 0;
        pages.clear();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the cache is closed");
        }
    }

    ModelShape shape() {
        return layout.shape();
    }

    /** Makes sure that there is room for more tokens, without counting them yet. */
    void reserve(int more) {
        requireOpen();
        if (more > capacity - length) {
            throw new IllegalArgumentException("the cache holds " + length + " of at most " + capacity
                    + " tokens; there is no room for " + more + " more");
        }
        int wanted = Math.ceilDiv(length + more, PAGE);
        while (pages.size() < wanted) {
            if (ownPages == null) {
                throw new IllegalStateException("the cache has " + pages.size() + " pages for " + length
                        + " tokens; its owner must add more before " + more + " tokens are computed");
            }
            pages.add(layout.newPage(ownPages));
        }
    }

    /** Counts tokens that were written. */
    void advance(int tokens) {
        length += tokens;
    }

    /** Writes key and value of all heads of one token. */
    void put(int layer, int position, float[] key, int keyAt, float[] value, int valueAt) {
        page(position / PAGE).put(layer, position % PAGE, key, keyAt, value, valueAt);
    }

    KvPage page(int index) {
        return pages.get(index);
    }
}
