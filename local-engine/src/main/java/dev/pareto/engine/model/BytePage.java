package dev.pareto.engine.model;

import dev.pareto.engine.kernel.Kernels;

/**
 * A page of signed bytes; {@link Kernels#SHARE_A_SCALE} dimensions of a head share a scale, and what is left over where
 * its width is no multiple of that shares one more. Scales are floats and lie as the numbers do: those of keys
 * {@code [head][block][token]}, those of values {@code [head][token][block]}.
 */
final class BytePage extends WidenedPage {

    private static final int BLOCK = Kernels.SHARE_A_SCALE;
    private static final int MOST_CODE = 127;
    /** Larger numbers are kept as this: an infinite key would make every later score NaN. */
    private static final float MOST = 0x1p126f;

    private final byte[][] keys;
    private final byte[][] values;
    private final float[][] keyScales;
    private final float[][] valueScales;
    private final long bytes;

    BytePage(KvLayout layout) {
        super(layout);
        var keyLengths = lengths(layout, KvLayout.Row::keyFloats);
        var valueLengths = lengths(layout, KvLayout.Row::valueFloats);
        var keyScaleLengths = lengths(layout, KvLayout.Row::keyScales);
        var valueScaleLengths = lengths(layout, KvLayout.Row::valueScales);
        keys = codes(keyLengths);
        values = codes(valueLengths);
        keyScales = floats(keyScaleLengths);
        valueScales = floats(valueScaleLengths);
        bytes = numbers(keyLengths) + numbers(valueLengths)
                + Float.BYTES * (numbers(keyScaleLengths) + numbers(valueScaleLengths));
    }

    private static byte[][] codes(int[] lengths) {
        var arrays = new byte[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            arrays[i] = new byte[lengths[i]];
        }
        return arrays;
    }

    @Override
    void putKey(int layer, int head, int column, float[] key, int at) {
        int size = row(layer).keySize();
        var to = keys[layer];
        var scales = keyScales[layer];
        int scaleAt = keyScaleIndex(layer, head) + column;
        int codesAt = keyIndex(layer, head) + column;
        for (int from = 0; from < size; from += BLOCK, scaleAt += TOKENS) {
            int end = Math.min(size, from + BLOCK);
            float scale = scale(key, at + from, at + end);
            float factor = inverse(scale);
            scales[scaleAt] = scale;
            for (int d = from; d < end; d++) {
                to[codesAt + d * TOKENS] = code(key[at + d] * factor);
            }
        }
    }

    @Override
    void putValue(int layer, int head, int column, float[] value, int at) {
        int size = row(layer).valueSize();
        var to = values[layer];
        var scales = valueScales[layer];
        int scaleAt = valueScaleIndex(layer, head, column);
        int codesAt = valueIndex(layer, head, column);
        for (int from = 0; from < size; from += BLOCK, scaleAt++) {
            int end = Math.min(size, from + BLOCK);
            float scale = scale(value, at + from, at + end);
            float factor = inverse(scale);
            scales[scaleAt] = scale;
            for (int d = from; d < end; d++) {
                to[codesAt + d] = code(value[at + d] * factor);
            }
        }
    }

    /** What the largest code stands for, over that code; NaN where there is a NaN, so that it is not hidden. */
    private static float scale(float[] from, int at, int end) {
        float most = 0;
        for (int i = at; i < end; i++) {
            most = Math.max(most, Math.abs(from[i]));
        }
        float scale = Math.min(most, MOST) / MOST_CODE;
        return scale < Float.MIN_NORMAL ? 0 : scale;
    }

    private static float inverse(float scale) {
        return scale == 0 ? 0 : 1 / scale;
    }

    private static byte code(float value) {
        return (byte) Math.max(-MOST_CODE, Math.min(MOST_CODE, Math.round(value)));
    }

    @Override
    void widenKeys(int layer, int head, int size, int tokens, Kernels kernels, float[] room) {
        kernels.widenColumns(keys[layer], keyIndex(layer, head), keyScales[layer], keyScaleIndex(layer, head), size,
                TOKENS, tokens, room);
    }

    @Override
    void widenValues(int layer, int head, int column, int tokens, Kernels kernels, float[] room) {
        kernels.widenRows(values[layer], valueIndex(layer, head, column), valueScales[layer],
                valueScaleIndex(layer, head, column), tokens, row(layer).valueSize(), room);
    }

    @Override
    long bytes() {
        return bytes;
    }

    private int keyScaleIndex(int layer, int head) {
        return head * KvLayout.scales(row(layer).keySize()) * TOKENS;
    }

    private int valueScaleIndex(int layer, int head, int column) {
        return (head * TOKENS + column) * KvLayout.scales(row(layer).valueSize());
    }
}
