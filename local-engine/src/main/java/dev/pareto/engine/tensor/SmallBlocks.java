package dev.pareto.engine.tensor;

import static dev.pareto.engine.tensor.Blocks.half;
import static dev.pareto.engine.tensor.Blocks.unsigned;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Blocks of 32 weights. Where a weight has four bits, 16 bytes hold the first 16 weights in their low nibbles and the
 * others in their high ones.
 */
final class SmallBlocks {

    static final byte[] IQ4_VALUES = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    static final byte[] MXFP4_VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SmallBlocks() {}

    /** A half scale, 32 signed bytes. */
    static void q80(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 34) {
            float scale = half(data, block);
            for (int i = 0; i < 32; i++) {
                out[start + i] = scale * data.get(ValueLayout.JAVA_BYTE, block + 2 + i);
            }
        }
    }

    /** A half scale, nibbles; a nibble stands for itself minus 8. */
    static void q40(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 18) {
            float scale = half(data, block);
            for (int i = 0; i < 16; i++) {
                int pair = unsigned(data, block + 2 + i);
                out[start + i] = scale * ((pair & 15) - 8);
                out[start + 16 + i] = scale * ((pair >>> 4) - 8);
            }
        }
    }

    /** A half scale, a half minimum, nibbles. */
    static void q41(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 20) {
            float scale = half(data, block);
            float least = half(data, block + 2);
            for (int i = 0; i < 16; i++) {
                int pair = unsigned(data, block + 4 + i);
                out[start + i] = scale * (pair & 15) + least;
                out[start + 16 + i] = scale * (pair >>> 4) + least;
            }
        }
    }

    /** A half scale, 32 fifth bits, nibbles; the five bits stand for themselves minus 16. */
    static void q50(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 22) {
            float scale = half(data, block);
            int fifth = data.get(INT, block + 2);
            for (int i = 0; i < 16; i++) {
                int pair = unsigned(data, block + 6 + i);
                out[start + i] = scale * (((pair & 15) | (fifth >>> i & 1) << 4) - 16);
                out[start + 16 + i] = scale * (((pair >>> 4) | (fifth >>> (16 + i) & 1) << 4) - 16);
            }
        }
    }

    /** A half scale, a half minimum, 32 fifth bits, nibbles. */
    static void q51(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 24) {
            float scale = half(data, block);
            float least = half(data, block + 2);
            int fifth = data.get(INT, block + 4);
            for (int i = 0; i < 16; i++) {
                int pair = unsigned(data, block + 8 + i);
                out[start + i] = scale * ((pair & 15) | (fifth >>> i & 1) << 4) + least;
                out[start + 16 + i] = scale * ((pair >>> 4) | (fifth >>> (16 + i) & 1) << 4) + least;
            }
        }
    }

    /** A half scale, nibbles that choose from a table that is finer near zero. */
    static void iq4nl(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 18) {
            chosen(data, block + 2, half(data, block), IQ4_VALUES, out, start);
        }
    }

    /** A power of two in one byte, nibbles that are floats of four bits. The table holds their doubles. */
    static void mxfp4(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 17) {
            chosen(data, block + 1, Blocks.halfPower(data, block), MXFP4_VALUES, out, start);
        }
    }

    /** 32 weights by their nibbles. */
    static void chosen(MemorySegment data, long nibbles, float scale, byte[] values, float[] out, int start) {
        for (int i = 0; i < 16; i++) {
            int pair = unsigned(data, nibbles + i);
            out[start + i] = scale * values[pair & 15];
            out[start + 16 + i] = scale * values[pair >>> 4];
        }
    }
}
