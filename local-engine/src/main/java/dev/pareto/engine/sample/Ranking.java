package dev.pareto.engine.sample;

/**
 * Logits packed with their token into one long, so that comparing longs orders by logit and, among equals, puts the
 * lowest token first. Primitive keys let selections run without objects.
 */
final class Ranking {

    private Ranking() {}

    /** The larger the key, the likelier the token. */
    static long key(float logit, int token) {
        int bits = Float.floatToRawIntBits(logit + 0f); // -0 and 0 rank alike
        int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ordered << 32) | (~token & 0xFFFF_FFFFL);
    }

    static int token(long key) {
        return ~(int) key;
    }

    static float logit(long key) {
        int ordered = (int) (key >> 32);
        return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
    }

    /**
     * Fills {@code keys} with the likeliest tokens, in no order, and gives their number: fewer than {@code most} where
     * not as many have a logit above minus infinity. One pass with a heap of the worst kept: O(n + most · log most ·
     * log n) for logits in random order.
     */
    static int selectTop(float[] logits, int from, int size, int most, long[] keys) {
        int count = 0;
        for (int token = 0; token < size; token++) {
            float logit = logits[from + token];
            if (count == most) {
                if (logit >= logit(keys[0])) {
                    long key = key(logit, token);
                    if (key > keys[0]) {
                        keys[0] = key;
                        sinkWorst(keys, count);
                    }
                }
            } else if (logit > Float.NEGATIVE_INFINITY) {
                keys[count++] = key(logit, token);
                if (count == most) {
                    for (int i = count / 2 - 1; i >= 0; i--) {
                        sinkWorst(keys, count, i);
                    }
                }
            }
        }
        return count;
    }

    private static void sinkWorst(long[] heap, int count) {
        sinkWorst(heap, count, 0);
    }

    private static void sinkWorst(long[] heap, int count, int start) {
        long moving = heap[start];
        int at = start;
        for (int child = 2 * at + 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= moving) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moving;
    }

    /** Makes the first {@code count} keys a heap whose best is on top. */
    static void heapify(long[] keys, int count) {
        for (int i = count / 2 - 1; i >= 0; i--) {
            sinkBest(keys, count, i);
        }
    }

    /** Moves the best of a heap of {@code count} keys to its end, where it leaves the heap. */
    static long pop(long[] heap, int count) {
        long best = heap[0];
        heap[0] = heap[count - 1];
        heap[count - 1] = best;
        sinkBest(heap, count - 1, 0);
        return best;
    }

    private static void sinkBest(long[] heap, int count, int start) {
        if (start >= count) {
            return;
        }
        long moving = heap[start];
        int at = start;
        for (int child = 2 * at + 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[child] <= moving) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moving;
    }
}
