package dev.pareto.engine.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys and values of one sequence in all layers, as floats in pages of {@value #PAGE} tokens that are added as the
 * sequence grows. In a page of keys a head's dimensions are rows and the tokens columns, so that scores of many
 * positions come out side by side; a page of values holds token after token. Used by one thread at a time.
 */
public final class KvCache implements AutoCloseable {

    /** Tokens of a page: a multiple of 16, as the kernels want. */
    static final int PAGE = 64;

    private final ModelShape shape;
    private final List<Row> rows;
    private final int capacity;
    private final List<List<float[]>> keys = new ArrayList<>();
    private final List<List<float[]>> values = new ArrayList<>();
    private int length;
    private boolean closed;

    /** Floats of one token's keys and values in one layer; where values are a part of the keys, they have none. */
    record Row(int keyFloats, int valueFloats) {}

    KvCache(ModelShape shape, List<Row> rows, int capacity) {
        this.shape = shape;
        this.rows = rows;
        this.capacity = capacity;
        for (int layer = 0; layer < rows.size(); layer++) {
            keys.add(new ArrayList<>());
            values.add(new ArrayList<>());
        }
    }

    /** Tokens that the cache holds. */
    public int length() {
        return length;
    }

    /** Tokens that it can hold. */
    public int capacity() {
        return capacity;
    }

    /** Bytes that it has taken for its pages. */
    public long bytes() {
        return (long) Float.BYTES * PAGE * pages() * shape.cacheFloatsPerToken();
    }

    /**
     * Forgets the tokens from {@code newLength} on; pages stay for reuse.
     *
     * @throws IllegalArgumentException if the cache holds fewer
     */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("cannot truncate " + length + " tokens to " + newLength);
        }
        length = newLength;
    }

    /** Gives the pages back; the cache cannot be used any more. */
    @Override
    public void close() {
        closed = true;
        length = 0;
        keys.forEach(List::clear);
        values.forEach(List::clear);
    }

    private int pages() {
        return keys.getFirst().size();
    }

    ModelShape shape() {
        return shape;
    }

    /** Makes room for more tokens without counting them yet. */
    void reserve(int more) {
        if (closed) {
            throw new IllegalStateException("the cache is closed");
        }
        if (more > capacity - length) {
            throw new IllegalArgumentException("the cache holds " + length + " of at most " + capacity
                    + " tokens; there is no room for " + more + " more");
        }
        int wanted = Math.ceilDiv(length + more, PAGE);
        for (int layer = 0; layer < rows.size(); layer++) {
            grow(keys.get(layer), wanted, Math.multiplyExact(rows.get(layer).keyFloats, PAGE));
            grow(values.get(layer), wanted, Math.multiplyExact(rows.get(layer).valueFloats, PAGE));
        }
    }

    private static void grow(List<float[]> pages, int wanted, int floats) {
        while (pages.size() < wanted) {
            pages.add(new float[floats]);
        }
    }

    /** Counts tokens that were written. */
    void advance(int tokens) {
        length += tokens;
    }

    /** Writes key and value of all heads of one token. */
    void put(int layer, int position, float[] key, int keyAt, float[] value, int valueAt) {
        float[] keyPage = keyPage(layer, position / PAGE);
        int column = position % PAGE;
        int keyFloats = rows.get(layer).keyFloats;
        for (int i = 0; i < keyFloats; i++) {
            keyPage[i * PAGE + column] = key[keyAt + i];
        }
        int valueFloats = rows.get(layer).valueFloats;
        System.arraycopy(value, valueAt, valuePage(layer, position / PAGE), column * valueFloats, valueFloats);
    }

    /** {@code [head][dimension][token]}. */
    float[] keyPage(int layer, int page) {
        return keys.get(layer).get(page);
    }

    /** {@code [token][head][dimension]}. */
    float[] valuePage(int layer, int page) {
        return values.get(layer).get(page);
    }
}
