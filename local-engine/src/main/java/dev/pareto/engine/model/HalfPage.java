package dev.pareto.engine.model;

import dev.pareto.engine.kernel.Kernels;

/** A page of IEEE halves; the loop that widens them is one that the JIT compiler turns into vectors by itself. */
final class HalfPage extends WidenedPage {

    private static final float MOST = 65504;

    private final short[][] keys;
    private final short[][] values;
    private final long bytes;

    HalfPage(KvLayout layout) {
        super(layout);
        var keyLengths = lengths(layout, KvLayout.Row::keyFloats);
        var valueLengths = lengths(layout, KvLayout.Row::valueFloats);
        keys = halves(keyLengths);
        values = halves(valueLengths);
        bytes = Short.BYTES * (numbers(keyLengths) + numbers(valueLengths));
    }

    private static short[][] halves(int[] lengths) {
        var arrays = new short[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            arrays[i] = new short[lengths[i]];
        }
        return arrays;
    }

    @Override
    void putKey(int layer, int head, int column, float[] key, int at) {
        var to = keys[layer];
        int first = keyIndex(layer, head) + column;
        int size = row(layer).keySize();
        for (int d = 0; d < size; d++) {
            to[first + d * TOKENS] = half(key[at + d]);
        }
    }

    @Override
    void putValue(int layer, int head, int column, float[] value, int at) {
        var to = values[layer];
        int first = valueIndex(layer, head, column);
        int size = row(layer).valueSize();
        for (int d = 0; d < size; d++) {
            to[first + d] = half(value[at + d]);
        }
    }

    @Override
    void widenKeys(int layer, int head, int size, int tokens, Kernels kernels, float[] room) {
        widen(keys[layer], keyIndex(layer, head), size * TOKENS, room);
    }

    @Override
    void widenValues(int layer, int head, int column, int tokens, Kernels kernels, float[] room) {
        widen(values[layer], valueIndex(layer, head, column), tokens * row(layer).valueSize(), room);
    }

    @Override
    long bytes() {
        return bytes;
    }

    /** An infinite key would make every later score NaN. */
    private static short half(float value) {
        return Float.floatToFloat16(Math.max(-MOST, Math.min(MOST, value)));
    }

    private static void widen(short[] halves, int at, int count, float[] floats) {
        for (int i = 0; i < count; i++) {
            floats[i] = Float.float16ToFloat(halves[at + i]);
        }
    }
}
