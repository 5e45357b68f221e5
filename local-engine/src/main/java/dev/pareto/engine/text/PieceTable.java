package dev.pareto.engine.text;

import java.util.Arrays;

/** Finds the token whose bytes equal a slice, without making an object: open addressing over a fixed set. */
final class PieceTable {

    private final byte[][] pieces;
    private final int[] tokens;
    private final int mask;
    private final int longest;

    /** A table of the entries of {@code pieces} that are not empty; index i stands for token i. First one wins. */
    PieceTable(byte[][] pieces) {
        int capacity = Integer.highestOneBit(Math.max(8, pieces.length)) * 4;
        this.pieces = pieces;
        this.tokens = new int[capacity];
        this.mask = capacity - 1;
        Arrays.fill(tokens, -1);
        int most = 0;
        for (int token = 0; token < pieces.length; token++) {
            var piece = pieces[token];
            if (piece.length > 0) {
                most = Math.max(most, piece.length);
                int slot = slot(piece, 0, piece.length);
                if (tokens[slot] < 0) {
                    tokens[slot] = token;
                }
            }
        }
        longest = most;
    }

    /** The token of the bytes from {@code from} to {@code to}, or -1. */
    int find(byte[] bytes, int from, int to) {
        return to - from > longest ? -1 : tokens[slot(bytes, from, to)];
    }

    /** The slot that holds these bytes, or the free one where they belong. */
    private int slot(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i]) * 0x01000193;
        }
        hash *= 0x9E3779B9;
        int slot = (hash ^ (hash >>> 15)) & mask;
        while (tokens[slot] >= 0) {
            var piece = pieces[tokens[slot]];
            if (piece.length == to - from && Arrays.equals(piece, 0, piece.length, bytes, from, to)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
