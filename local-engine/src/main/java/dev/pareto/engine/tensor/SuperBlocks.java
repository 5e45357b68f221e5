package dev.pareto.engine.tensor;

import static dev.pareto.engine.tensor.Blocks.half;
import static dev.pareto.engine.tensor.Blocks.sixBitMinimum;
import static dev.pareto.engine.tensor.Blocks.sixBitScale;
import static dev.pareto.engine.tensor.Blocks.unsigned;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Blocks of 256 weights, in groups of 16 or 32 whose scales are quantised themselves. */
final class SuperBlocks {

    private SuperBlocks() {}

    /**
     * 16 bytes of a 4-bit scale and, above it, a 4-bit minimum for 16 weights each; 64 bytes of weights; half scale and
     * half minimum of those. Each half of 128 weights lies in 32 bytes, whose two lowest bits are the first 32 weights.
     */
    static void q2k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 256, block += 84) {
            float scale = half(data, block + 80);
            float least = half(data, block + 82);
            for (int run = 0; run < 16; run++) {
                int packed = unsigned(data, block + run);
                float d = scale * (packed & 15);
                float m = least * (packed >>> 4);
                long bits = block + 16 + 32L * (run >> 3) + 16L * (run & 1);
                int shift = 2 * (run >> 1 & 3);
                for (int i = 0; i < 16; i++) {
                    out[start + 16 * run + i] = d * (unsigned(data, bits + i) >>> shift & 3) - m;
                }
            }
        }
    }

    /**
     * 32 bytes of high bits, the lowest for the first 32 weights; 64 bytes of two bits as in Q2_K; 12 bytes of scales; a
     * half scale. A weight stands for its three bits minus 4.
     */
    static void q3k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 256, block += 110) {
            float scale = half(data, block + 108);
            for (int run = 0; run < 16; run++) {
                float d = scale * Blocks.q3kScale(data, block + 96, run);
                long high = block + 16L * (run & 1);
                long low = block + 32 + 32L * (run >> 3) + 16L * (run & 1);
                int shift = 2 * (run >> 1 & 3);
                for (int i = 0; i < 16; i++) {
                    int lowBits = unsigned(data, low + i) >>> shift & 3;
                    int highBit = unsigned(data, high + i) >>> (run >> 1) & 1;
                    out[start + 16 * run + i] = d * ((lowBits | highBit << 2) - 4);
                }
            }
        }
    }

    /**
     * Half scale, half minimum, eight 6-bit scales and minima in 12 bytes, then four times 32 bytes whose low nibbles are
     * one group of 32 weights and whose high nibbles the next.
     */
    static void q4k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 256, block += 144) {
            float scale = half(data, block);
            float least = half(data, block + 2);
            for (int group = 0; group < 8; group++) {
                float d = scale * sixBitScale(data, block + 4, group);
                float m = least * sixBitMinimum(data, block + 4, group);
                long nibbles = block + 16 + 32L * (group / 2);
                int shift = 4 * (group & 1);
                for (int i = 0; i < 32; i++) {
                    out[start + 32 * group + i] = d * ((unsigned(data, nibbles + i) >>> shift) & 15) - m;
                }
            }
        }
    }

    /** As Q4_K, with 32 bytes of fifth bits before the nibbles, the lowest for the first group. */
    static void q5k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 256, block += 176) {
            float scale = half(data, block);
            float least = half(data, block + 2);
            for (int group = 0; group < 8; group++) {
                float d = scale * sixBitScale(data, block + 4, group);
                float m = least * sixBitMinimum(data, block + 4, group);
                long nibbles = block + 48 + 32L * (group / 2);
                int shift = 4 * (group & 1);
                for (int i = 0; i < 32; i++) {
                    int fifth = unsigned(data, block + 16 + i) >>> group & 1;
                    int bits = (unsigned(data, nibbles + i) >>> shift & 15) | fifth << 4;
                    out[start + 32 * group + i] = d * bits - m;
                }
            }
        }
    }

    /**
     * 128 bytes of low nibbles, 64 bytes of two high bits each, 16 signed scales, a half scale. Each half of 128 weights
     * is four runs of 32 that share bytes; a weight stands for its six bits minus 32.
     */
    static void q6k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 256, block += 210) {
            float scale = half(data, block + 208);
            for (int run = 0; run < 8; run++) {
                int half = run / 4;
                int part = run % 4;
                long low = block + 64L * half + 32L * (part & 1);
                long high = block + 128 + 32L * half;
                for (int i = 0; i < 32; i++) {
                    int lowBits = (unsigned(data, low + i) >>> (4 * (part / 2))) & 15;
                    int highBits = (unsigned(data, high + i) >>> (2 * part)) & 3;
                    float d = scale * data.get(ValueLayout.JAVA_BYTE, block + 192 + 2L * run + i / 16);
                    out[start + 32 * run + i] = d * (lowBits + 16 * highBits - 32);
                }
            }
        }
    }

    /** Half scale, two bytes of high bits and four of low bits of eight scales, then eight times 16 bytes of IQ4_NL. */
    static void iq4xs(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 256, block += 136) {
            float scale = half(data, block);
            for (int group = 0; group < 8; group++) {
                SmallBlocks.chosen(data, block + 8 + 16L * group, scale * Blocks.iq4xsScale(data, block, group),
                        SmallBlocks.IQ4_VALUES, out, start + 32 * group);
            }
        }
    }
}
