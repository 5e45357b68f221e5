package dev.pareto.engine.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/** The tokens of several slices laid end to end, checked. */
final class Batch {

    private final List<Slice> slices;
    private final int[] sliceOf;
    private final int[] ids;
    private final int[] positions;
    private long lookBack;
    private int longest;
    private int runLength;
    private int[] runs = new int[0];

    private Batch(List<Slice> slices, int tokens) {
        this.slices = slices;
        this.sliceOf = new int[tokens];
        this.ids = new int[tokens];
        this.positions = new int[tokens];
    }

    @SuppressWarnings("ReferenceEquality") // two models may have equal shapes; the object says which decoder it is
    static Batch of(List<Slice> slices, ModelShape shape, int most, boolean whole) {
        long tokens = slices.stream().mapToLong(Slice::length).sum();
        if (tokens < 1 || tokens > most) {
            throw new IllegalArgumentException("a batch has " + tokens + " tokens; 1 to " + most + " are allowed");
        }
        var caches = Collections.newSetFromMap(new IdentityHashMap<KvCache, Boolean>());
        var batch = new Batch(List.copyOf(slices), Math.toIntExact(tokens));
        int at = 0;
        for (int s = 0; s < slices.size(); s++) {
            var slice = slices.get(s);
            if (slice.cache().shape() != shape) {
                throw new IllegalArgumentException("slice " + s + " has a cache of another decoder");
            }
            if (whole && slice.cache().length() > 0) {
                throw new IllegalArgumentException("slice " + s + " goes on with a text; an encoder reads it at once");
            }
            if (!caches.add(slice.cache())) {
                throw new IllegalArgumentException("slice " + s + " has the cache of a slice before it");
            }
            for (int i = slice.from(); i < slice.to(); i++, at++) {
                int id = slice.tokens()[i];
                if (id < 0 || id >= shape.vocabulary()) {
                    throw new IllegalArgumentException("token " + i + " of slice " + s + " is " + id
                            + "; the vocabulary ends at " + (shape.vocabulary() - 1));
                }
                batch.sliceOf[at] = s;
                batch.ids[at] = id;
                batch.positions[at] = slice.cache().length() + i - slice.from();
                batch.lookBack += batch.positions[at] + 1;
            }
            batch.longest = Math.max(batch.longest, slice.cache().length() + slice.length());
        }
        return batch;
    }

    List<Slice> slices() {
        return slices;
    }

    int tokens() {
        return ids.length;
    }

    int id(int token) {
        return ids[token];
    }

    int position(int token) {
        return positions[token];
    }

    KvCache cache(int token) {
        return slices.get(sliceOf[token]).cache();
    }

    /** Tokens of the sequence that this token is of, with those of this batch. */
    int end(int token) {
        var slice = slices.get(sliceOf[token]);
        return slice.cache().length() + slice.length();
    }

    /** 1 in the second of two texts, else 0. */
    int segment(int token) {
        var slice = slices.get(sliceOf[token]);
        int index = slice.from() + positions[token] - slice.cache().length();
        return index < slice.second() ? 0 : 1;
    }

    /** Positions that all tokens together look back on: a measure of attention's work. */
    long lookBack() {
        return lookBack;
    }

    /** Tokens of the longest sequence, with those of this batch. */
    int longest() {
        return longest;
    }

    /**
     * Where runs of at most so many tokens begin, each of one sequence; the last number is where the last one ends. Kept
     * until other runs are asked for, since all layers ask for the same. For one caller at a time.
     */
    int[] runs(int most) {
        if (most != runLength) {
            var starts = new int[tokens() + 1];
            int count = 0;
            for (int at = 0; at < tokens(); at++) {
                if (at == 0 || sliceOf[at] != sliceOf[at - 1] || at - starts[count - 1] == most) {
                    starts[count++] = at;
                }
            }
            starts[count] = tokens();
            runs = Arrays.copyOf(starts, count + 1);
            runLength = most;
        }
        return runs;
    }

    /** For each slice its first row of logits, and the number of rows at the end. */
    int[] firstRows() {
        var rows = new int[slices.size() + 1];
        for (int s = 0; s < slices.size(); s++) {
            rows[s + 1] = rows[s] + slices.get(s).rows();
        }
        return rows;
    }

    /** The tokens that rows of logits are asked for, in order. */
    int[] rowTokens() {
        var tokens = new int[firstRows()[slices.size()]];
        int row = 0;
        int end = 0;
        for (var slice : slices) {
            end += slice.length();
            for (int i = slice.rows(); i > 0; i--) {
                tokens[row++] = end - i;
            }
        }
        return tokens;
    }
}
