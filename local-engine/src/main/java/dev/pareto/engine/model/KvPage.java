package dev.pareto.engine.model;

/**
 * Keys and values of {@value #TOKENS} tokens in all layers. Keys lie {@code [head][dimension][token]}, so that scores of
 * many positions come out side by side, values {@code [head][token][dimension]}: what one head reads is one piece. Which
 * sequences a page belongs to is its holder's business; what nobody wrote in it is never read, so pages are used again as
 * they are. Written by one sequence at a time, read by any.
 */
public abstract sealed class KvPage {

    /** Tokens of a page: a multiple of 16, as the kernels want. */
    public static final int TOKENS = 64;

    private final KvLayout layout;

    private KvPage(KvLayout layout) {
        this.layout = layout;
    }

    final KvLayout layout() {
        return layout;
    }

    /** Writes key and value of all heads of one token. */
    final void put(int layer, int column, float[] key, int keyAt, float[] value, int valueAt) {
        var row = layout.rows().get(layer);
        putKey(layer, column, row.keyFloats(), key, keyAt);
        int size = row.valueSize();
        for (int head = 0; head < row.heads() && size > 0; head++) {
            putValue(layer, (head * TOKENS + column) * size, size, value, valueAt + head * size);
        }
    }

    /** Dimension {@code i} of all heads together goes to {@code i * TOKENS + column}. */
    abstract void putKey(int layer, int column, int count, float[] key, int keyAt);

    abstract void putValue(int layer, int at, int count, float[] value, int valueAt);

    /**
     * Keys of a layer as floats.
     *
     * @param at the first that is wanted
     * @param count how many from there on
     * @param room where they may be widened to, if they are no floats
     * @return an array that has them from {@link #start} on
     */
    abstract float[] keys(int layer, int at, int count, float[] room);

    /** Values of a layer as floats, in the same way. */
    abstract float[] values(int layer, int at, int count, float[] room);

    /** Where in the array that they are returned in the floats from {@code at} on begin. */
    abstract int start(int at);

    private static int size(int floats) {
        return Math.multiplyExact(floats, TOKENS);
    }

    /** Floats. */
    static final class Floats extends KvPage {

        private final float[][] keys;
        private final float[][] values;

        Floats(KvLayout layout) {
            super(layout);
            keys = layout.rows().stream().map(row -> new float[size(row.keyFloats())]).toArray(float[][]::new);
            values = layout.rows().stream().map(row -> new float[size(row.valueFloats())]).toArray(float[][]::new);
        }

        @Override
        void putKey(int layer, int column, int count, float[] key, int keyAt) {
            var to = keys[layer];
            for (int i = 0; i < count; i++) {
                to[i * TOKENS + column] = key[keyAt + i];
            }
        }

        @Override
        void putValue(int layer, int at, int count, float[] value, int valueAt) {
            System.arraycopy(value, valueAt, values[layer], at, count);
        }

        @Override
        float[] keys(int layer, int at, int count, float[] room) {
            return keys[layer];
        }

        @Override
        float[] values(int layer, int at, int count, float[] room) {
            return values[layer];
        }

        @Override
        int start(int at) {
            return at;
        }
    }

    /** IEEE halves, widened before each use: the loop is one that the JIT compiler turns into vectors by itself. */
    static final class Halves extends KvPage {

        private static final float MOST = 65504;

        private final short[][] keys;
        private final short[][] values;

        Halves(KvLayout layout) {
            super(layout);
            keys = layout.rows().stream().map(row -> new short[size(row.keyFloats())]).toArray(short[][]::new);
            values = layout.rows().stream().map(row -> new short[size(row.valueFloats())]).toArray(short[][]::new);
        }

        @Override
        void putKey(int layer, int column, int count, float[] key, int keyAt) {
            var to = keys[layer];
            for (int i = 0; i < count; i++) {
                to[i * TOKENS + column] = half(key[keyAt + i]);
            }
        }

        @Override
        void putValue(int layer, int at, int count, float[] value, int valueAt) {
            var to = values[layer];
            for (int i = 0; i < count; i++) {
                to[at + i] = half(value[valueAt + i]);
            }
        }

        @Override
        float[] keys(int layer, int at, int count, float[] room) {
            widen(keys[layer], at, count, room);
            return room;
        }

        @Override
        float[] values(int layer, int at, int count, float[] room) {
            widen(values[layer], at, count, room);
            return room;
        }

        @Override
        int start(int at) {
            return 0;
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
}
