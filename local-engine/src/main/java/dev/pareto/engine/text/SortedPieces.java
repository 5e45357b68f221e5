package dev.pareto.engine.text;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Tokens in the order of their bytes, so that a growing prefix narrows a range: finds all that begin at a place. */
final class SortedPieces {

    /** Takes one piece after another, shorter ones first. */
    @FunctionalInterface
    interface Found {
        void piece(int end, int token);
    }

    private final byte[][] sorted;
    private final int[] tokens;

    /** Of the entries that are not empty; index i stands for token i, and of equal ones the first counts. */
    SortedPieces(byte[][] pieces) {
        var order = IntStream.range(0, pieces.length)
                .filter(token -> pieces[token].length > 0)
                .boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(pieces[a], pieces[b]))
                .toList();
        tokens = order.stream().mapToInt(Integer::intValue).toArray();
        sorted = order.stream().map(token -> pieces[token]).toArray(byte[][]::new);
    }

    /** Tells every piece that the bytes from {@code from} on begin with and that ends by {@code to}. */
    void find(byte[] text, int from, int to, Found found) {
        int low = 0;
        int high = sorted.length;
        for (int at = from; at < to; at++) {
            int depth = at - from;
            int value = text[at] & 0xFF;
            low = bound(low, high, depth, value);
            high = bound(low, high, depth, value + 1);
            if (low == high) {
                return;
            }
            if (sorted[low].length == depth + 1) {
                found.piece(at + 1, tokens[low]);
            }
        }
    }

    /** The first piece of a range that shares {@code depth} bytes whose next byte is at least {@code value}. */
    private int bound(int low, int high, int depth, int value) {
        int from = low;
        int to = high;
        while (from < to) {
            int middle = (from + to) >>> 1;
            var piece = sorted[middle];
            if (piece.length > depth && (piece[depth] & 0xFF) >= value) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }
}
