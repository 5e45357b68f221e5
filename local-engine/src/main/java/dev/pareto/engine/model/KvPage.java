package dev.pareto.engine.model;

import java.util.function.ToIntFunction;

import dev.pareto.engine.kernel.Kernels;

/**
 * Keys and values of {@value #TOKENS} tokens in all layers. Keys lie {@code [head][dimension][token]}, so that scores of
 * many positions come out side by side, values {@code [head][token][dimension]}: what one head reads is one piece. Which
 * sequences a page belongs to is its holder's business; what nobody wrote in it is never read, so pages are used again as
 * they are. Written by one sequence at a time, read by any.
 */
public abstract sealed class KvPage permits FloatPage, WidenedPage {

    /** Tokens of a page: a multiple of 16, as the kernels want. */
    public static final int TOKENS = 64;

    private final KvLayout layout;

    KvPage(KvLayout layout) {
        this.layout = layout;
    }

    final KvLayout layout() {
        return layout;
    }

    final KvLayout.Row row(int layer) {
        return layout.rows().get(layer);
    }

    /** Writes key and value of all heads of one token. */
    final void put(int layer, int column, float[] key, int keyAt, float[] value, int valueAt) {
        var row = row(layer);
        for (int head = 0; head < row.heads(); head++) {
            putKey(layer, head, column, key, keyAt + head * row.keySize());
            if (row.valueSize() > 0) {
                putValue(layer, head, column, value, valueAt + head * row.valueSize());
            }
        }
    }

    /** Writes one head's key of one token. */
    abstract void putKey(int layer, int head, int column, float[] key, int at);

    /** Writes one head's value of one token. */
    abstract void putValue(int layer, int head, int column, float[] value, int at);

    /**
     * Keys of a head as floats, {@code [dimension][TOKENS]}.
     *
     * @param size dimensions that are wanted, from the first on
     * @param tokens that are wanted, from the first on; the others up to the next multiple of 16 may be read too
     * @param room where they may be widened to, if they are no floats
     * @return an array that has them from {@link #keysAt} on
     */
    abstract float[] keys(int layer, int head, int size, int tokens, Kernels kernels, float[] room);

    /** Where in the array that {@link #keys} returns they begin. */
    abstract int keysAt(int layer, int head);

    /** Values of a head from a token on as floats, {@code [token][dimension]}, in the same way. */
    abstract float[] values(int layer, int head, int column, int tokens, Kernels kernels, float[] room);

    /** Where in the array that {@link #values} returns they begin. */
    abstract int valuesAt(int layer, int head, int column);

    /** Bytes of the arrays. */
    abstract long bytes();

    /** Where a head's keys begin in an array that has all of a layer. */
    final int keyIndex(int layer, int head) {
        return head * row(layer).keySize() * TOKENS;
    }

    /** Where a head's value of a token begins in an array that has all of a layer. */
    final int valueIndex(int layer, int head, int column) {
        return (head * TOKENS + column) * row(layer).valueSize();
    }

    /** The length of an array for each layer. */
    static int[] lengths(KvLayout layout, ToIntFunction<KvLayout.Row> perToken) {
        return layout.rows().stream().mapToInt(row -> Math.multiplyExact(perToken.applyAsInt(row), TOKENS)).toArray();
    }

    static float[][] floats(int[] lengths) {
        var arrays = new float[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            arrays[i] = new float[lengths[i]];
        }
        return arrays;
    }

    static long numbers(int[] lengths) {
        long sum = 0;
        for (int length : lengths) {
            sum += length;
        }
        return sum;
    }
}
