package dev.pareto.engine.model;

import dev.pareto.engine.kernel.Kernels;

/** A page of floats, read where they lie. */
final class FloatPage extends KvPage {

    private final float[][] keys;
    private final float[][] values;
    private final long bytes;

    FloatPage(KvLayout layout) {
        super(layout);
        var keyLengths = lengths(layout, KvLayout.Row::keyFloats);
        var valueLengths = lengths(layout, KvLayout.Row::valueFloats);
        keys = floats(keyLengths);
        values = floats(valueLengths);
        bytes = Float.BYTES * (numbers(keyLengths) + numbers(valueLengths));
    }

    @Override
    void putKey(int layer, int head, int column, float[] key, int at) {
        var to = keys[layer];
        int first = keyIndex(layer, head) + column;
        int size = row(layer).keySize();
        for (int d = 0; d < size; d++) {
            to[first + d * TOKENS] = key[at + d];
        }
    }

    @Override
    void putValue(int layer, int head, int column, float[] value, int at) {
        System.arraycopy(value, at, values[layer], valueIndex(layer, head, column), row(layer).valueSize());
    }

    @Override
    float[] keys(int layer, int head, int size, int tokens, Kernels kernels, float[] room) {
        return keys[layer];
    }

    @Override
    int keysAt(int layer, int head) {
        return keyIndex(layer, head);
    }

    @Override
    float[] values(int layer, int head, int column, int tokens, Kernels kernels, float[] room) {
        return values[layer];
    }

    @Override
    int valuesAt(int layer, int head, int column) {
        return valueIndex(layer, head, column);
    }

    @Override
    long bytes() {
        return bytes;
    }
}
