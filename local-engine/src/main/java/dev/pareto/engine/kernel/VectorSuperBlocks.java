package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.pareto.engine.tensor.Blocks;

/** Blocks of 256 weights, widened to floats in memory: bit for bit those of {@link Blocks}. */
final class VectorSuperBlocks {

    private VectorSuperBlocks() {}

    static void q2k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 256, block += 84) {
            float scale = Blocks.half(data, block + 80);
            float least = Blocks.half(data, block + 82);
            for (int part = 0; part < 4; part++) {
                var bits = Lanes.sixteen(data, block + 16 + 16L * part);
                int from = 128 * (part >> 1) + 16 * (part & 1);
                for (int run = 0; run < 4; run++, from += 32) {
                    int packed = Blocks.unsigned(data, block + (from >> 4));
                    Lanes.store(bits.and((byte) 3), scale * (packed & 15), -(least * (packed >>> 4)), out, i + from);
                    bits = Lanes.right(bits, 2);
                }
            }
        }
    }

    static void q3k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 256, block += 110) {
            float scale = Blocks.half(data, block + 108);
            for (int part = 0; part < 4; part++) {
                var high = Lanes.right(Lanes.sixteen(data, block + 16L * (part & 1)), 4 * (part >> 1));
                var low = Lanes.sixteen(data, block + 32 + 16L * part);
                int from = 128 * (part >> 1) + 16 * (part & 1);
                for (int run = 0; run < 4; run++, from += 32) {
                    float d = scale * Blocks.q3kScale(data, block + 96, from >> 4);
                    Lanes.store(VectorSuperDots.threeBits(low, high), d, out, i + from);
                    low = Lanes.right(low, 2);
                    high = Lanes.right(high, 1);
                }
            }
        }
    }

    static void q4k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 256, block += 144) {
            float scale = Blocks.half(data, block);
            float least = Blocks.half(data, block + 2);
            for (int pair = 0; pair < 4; pair++) {
                float d0 = scale * Blocks.sixBitScale(data, block + 4, 2 * pair);
                float m0 = least * Blocks.sixBitMinimum(data, block + 4, 2 * pair);
                float d1 = scale * Blocks.sixBitScale(data, block + 4, 2 * pair + 1);
                float m1 = least * Blocks.sixBitMinimum(data, block + 4, 2 * pair + 1);
                int to = i + 64 * pair;
                for (int j = 0; j < 32; j += 16) {
                    var nibbles = Lanes.sixteen(data, block + 16 + 32L * pair + j);
                    Lanes.store(nibbles.and((byte) 15), d0, -m0, out, to + j);
                    Lanes.store(Lanes.right(nibbles, 4).and((byte) 15), d1, -m1, out, to + 32 + j);
                }
            }
        }
    }

    static void q5k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 256, block += 176) {
            float scale = Blocks.half(data, block);
            float least = Blocks.half(data, block + 2);
            for (int pair = 0; pair < 4; pair++) {
                float d0 = scale * Blocks.sixBitScale(data, block + 4, 2 * pair);
                float m0 = least * Blocks.sixBitMinimum(data, block + 4, 2 * pair);
                float d1 = scale * Blocks.sixBitScale(data, block + 4, 2 * pair + 1);
                float m1 = least * Blocks.sixBitMinimum(data, block + 4, 2 * pair + 1);
                int to = i + 64 * pair;
                for (int j = 0; j < 32; j += 16) {
                    var fifth = Lanes.right(Lanes.sixteen(data, block + 16 + j), 2 * pair);
                    var nibbles = Lanes.sixteen(data, block + 48 + 32L * pair + j);
                    Lanes.store(VectorSuperDots.fiveLow(nibbles, fifth), d0, -m0, out, to + j);
                    Lanes.store(VectorSuperDots.fiveHigh(nibbles, fifth), d1, -m1, out, to + 32 + j);
                }
            }
        }
    }

    static void q6k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 256, block += 210) {
            float scale = Blocks.half(data, block + 208);
            for (int part = 0; part < 4; part++) {
                int column = 16 * (part & 1);
                int half = part >> 1;
                var high = Lanes.sixteen(data, block + 128 + 32L * half + column);
                for (int j = 0; j < 2; j++) {
                    var low = Lanes.sixteen(data, block + 64L * half + 32L * j + column);
                    int from = 128 * half + 32 * j + column;
                    float d0 = scale * data.get(ValueLayout.JAVA_BYTE, block + 192 + (from >> 4));
                    float d1 = scale * data.get(ValueLayout.JAVA_BYTE, block + 196 + (from >> 4));
                    Lanes.store(VectorSuperDots.sixLow(low, high), d0, out, i + from);
                    Lanes.store(VectorSuperDots.sixHigh(low, high), d1, out, i + from + 64);
                    high = Lanes.right(high, 2);
                }
            }
        }
    }

    static void iq4xs(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 256, block += 136) {
            float scale = Blocks.half(data, block);
            for (int group = 0; group < 8; group++) {
                float d = scale * Blocks.iq4xsScale(data, block, group);
                var pairs = Lanes.sixteen(data, block + 8 + 16L * group);
                Lanes.store(pairs.and((byte) 15).selectFrom(Codes.IQ4), d, out, i + 32 * group);
                Lanes.store(Lanes.right(pairs, 4).and((byte) 15).selectFrom(Codes.IQ4), d, out, i + 32 * group + 16);
            }
        }
    }
}
