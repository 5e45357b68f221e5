package dev.pareto.engine.text;

import java.util.Arrays;

/**
 * Byte-pair merging of one word: again and again the best pair of neighbours becomes one token, the leftmost of equals
 * first. Short words are scanned for the best pair, which is quadratic but fastest there; long ones go through a binary
 * heap, so that a megabyte of one letter costs O(n log n).
 *
 * <p>One object serves the words of one call one after another and is not safe to share.
 */
abstract class MergeLoop {

    private static final int SHORT = 40;

    /** The token of each symbol; -1 where a symbol is no token of its own. */
    int[] token = new int[64];
    /** The symbol after each one that is still there, or -1. */
    int[] next = new int[64];
    private int[] previous = new int[64];
    /** For each symbol its merge with the next one: rank in the upper 32 bits, token in the lower. */
    private long[] best = new long[64];
    private long[] heap = new long[64];
    private int heapSize;

    /** The merge of two neighbours as {@link PairTable#find} gives it; lower ranks are better. */
    abstract long pair(int left, int right);

    /** Makes room for {@code symbols} symbols; the caller then fills {@link #token}. */
    void reserve(int symbols) {
        if (token.length < symbols) {
            int capacity = Math.max(symbols, token.length * 2);
            token = new int[capacity];
            next = new int[capacity];
            previous = new int[capacity];
            best = new long[capacity];
        }
    }

    /** Merges the symbols 0 to {@code symbols - 1}; the result is the chain of {@link #next} from symbol 0. */
    void run(int symbols) {
        for (int i = 0; i < symbols; i++) {
            next[i] = i + 1 < symbols ? i + 1 : -1;
            previous[i] = i - 1;
        }
        for (int i = 0; i < symbols; i++) {
            best[i] = next[i] < 0 ? PairTable.NONE : pair(i, next[i]);
        }
        if (symbols <= SHORT) {
            scan();
        } else {
            heap(symbols);
        }
    }

    private void scan() {
        while (true) {
            int at = -1;
            long least = PairTable.NONE >>> 32;
            for (int i = 0; i >= 0; i = next[i]) {
                if (best[i] >>> 32 < least) {
                    least = best[i] >>> 32;
                    at = i;
                }
            }
            if (at < 0) {
                return;
            }
            merge(at);
        }
    }

    private void heap(int symbols) {
        heapSize = 0;
        for (int i = 0; i < symbols; i++) {
            push(i);
        }
        while (heapSize > 0) {
            long top = pop();
            int at = (int) top;
            // An entry is outdated once either symbol has merged otherwise; then the rank there is another one.
            if (best[at] != PairTable.NONE && best[at] >>> 32 == top >>> 32) {
                merge(at);
                push(at);
                if (previous[at] >= 0) {
                    push(previous[at]);
                }
            }
        }
    }

    private void merge(int left) {
        int right = next[left];
        int after = next[right];
        token[left] = (int) best[left];
        best[right] = PairTable.NONE;
        next[left] = after;
        if (after >= 0) {
            previous[after] = left;
        }
        best[left] = after < 0 ? PairTable.NONE : pair(left, after);
        int before = previous[left];
        if (before >= 0) {
            best[before] = pair(before, left);
        }
    }

    private void push(int symbol) {
        if (best[symbol] == PairTable.NONE) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        long entry = (best[symbol] & 0xFFFFFFFF00000000L) | symbol;
        int at = heapSize++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent] <= entry) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = entry;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }
}
