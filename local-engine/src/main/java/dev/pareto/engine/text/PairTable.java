package dev.pareto.engine.text;

import java.util.Arrays;

/** The merges of a byte-pair encoding: from two neighbouring tokens to the rank of their merge and what it gives. */
final class PairTable {

    /** What {@link #find} gives where two tokens do not merge: larger than any merge. */
    static final long NONE = Long.MAX_VALUE;

    private final long[] keys;
    private final long[] values;
    private final int mask;

    PairTable(int merges) {
        int capacity = Integer.highestOneBit(Math.max(8, merges)) * 4;
        keys = new long[capacity];
        values = new long[capacity];
        mask = capacity - 1;
        Arrays.fill(keys, -1);
    }

    /** Adds a merge unless the pair has one already: lower ranks come first in a file. */
    void add(int left, int right, int rank, int merged) {
        int slot = slot(((long) left << 32) | right);
        if (keys[slot] < 0) {
            keys[slot] = ((long) left << 32) | right;
            values[slot] = ((long) rank << 32) | merged;
        }
    }

    /** The rank in the upper and the merged token in the lower 32 bits, or {@link #NONE}. */
    long find(int left, int right) {
        int slot = slot(((long) left << 32) | right);
        return keys[slot] < 0 ? NONE : values[slot];
    }

    private int slot(long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (hash >>> 32) & mask;
        while (keys[slot] >= 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
