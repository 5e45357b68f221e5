package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.tensor.Blocks;

/**
 * Weights widened to floats in memory, for products with many tokens, where each weight is widened once and used often.
 * The results are those of {@link Blocks}, bit for bit.
 */
final class VectorBlocks {

    private static final int L = Lanes.L;

    private VectorBlocks() {}

    static void f16(MemorySegment data, long offset, int count, float[] out, int at) {
        int i = 0;
        for (; i <= count - L; i += L) {
            Lanes.halves(data, offset + 2L * i).intoArray(out, at + i);
        }
        for (; i < count; i++) {
            out[at + i] = Blocks.half(data, offset + 2L * i);
        }
    }

    static void bf16(MemorySegment data, long offset, int count, float[] out, int at) {
        int i = 0;
        for (; i <= count - L; i += L) {
            Lanes.bfloats(data, offset + 2L * i).intoArray(out, at + i);
        }
        for (; i < count; i++) {
            out[at + i] = Blocks.bfloat(data, offset + 2L * i);
        }
    }

    static void q80(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 32, block += 34) {
            var scale = FloatVector.broadcast(Lanes.F, Blocks.half(data, block));
            for (int j = 0; j < 32; j += Lanes.BYTES) {
                var bytes = ByteVector.fromMemorySegment(Lanes.B, data, block + 2 + j, Lanes.ORDER);
                Lanes.signed(bytes, 0).mul(scale).intoArray(out, i + j);
                if (Lanes.TWO_PARTS) {
                    Lanes.signed(bytes, 1).mul(scale).intoArray(out, i + j + L);
                }
            }
        }
    }

    static void q40(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 32, block += 18) {
            var scale = FloatVector.broadcast(Lanes.F, Blocks.half(data, block));
            for (int j = 0; j < 16; j += Lanes.BYTES) {
                var bytes = ByteVector.fromMemorySegment(Lanes.B, data, block + 2 + j, Lanes.ORDER);
                var ints = Lanes.unsigned(bytes, 0);
                Lanes.floats(ints.and(15).sub(8)).mul(scale).intoArray(out, i + j);
                Lanes.floats(ints.lanewise(VectorOperators.LSHR, 4).sub(8)).mul(scale).intoArray(out, i + 16 + j);
                if (Lanes.TWO_PARTS) {
                    ints = Lanes.unsigned(bytes, 1);
                    Lanes.floats(ints.and(15).sub(8)).mul(scale).intoArray(out, i + j + L);
                    Lanes.floats(ints.lanewise(VectorOperators.LSHR, 4).sub(8))
                            .mul(scale)
                            .intoArray(out,
                                    i + 16 + j + L);
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
                float d0 = scale * Blocks.q4kScale(data, block + 4, 2 * pair);
                float m0 = least * Blocks.q4kMinimum(data, block + 4, 2 * pair);
                float d1 = scale * Blocks.q4kScale(data, block + 4, 2 * pair + 1);
                float m1 = least * Blocks.q4kMinimum(data, block + 4, 2 * pair + 1);
                int to = i + 64 * pair;
                for (int j = 0; j < 32; j += Lanes.BYTES) {
                    var bytes = ByteVector.fromMemorySegment(Lanes.B, data, block + 16 + 32L * pair + j, Lanes.ORDER);
                    var ints = Lanes.unsigned(bytes, 0);
                    Lanes.floats(ints.and(15)).mul(d0).sub(m0).intoArray(out, to + j);
                    Lanes.floats(ints.lanewise(VectorOperators.LSHR, 4)).mul(d1).sub(m1).intoArray(out, to + 32 + j);
                    if (Lanes.TWO_PARTS) {
                        ints = Lanes.unsigned(bytes, 1);
                        Lanes.floats(ints.and(15)).mul(d0).sub(m0).intoArray(out, to + j + L);
                        Lanes.floats(ints.lanewise(VectorOperators.LSHR, 4))
                                .mul(d1)
                                .sub(m1)
                                .intoArray(out,
                                        to + 32 + j + L);
                    }
                }
            }
        }
    }

    static void q6k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 256, block += 210) {
            float scale = Blocks.half(data, block + 208);
            for (int run = 0; run < 8; run++) {
                int half = run >> 2;
                int part = run & 3;
                long low = block + 64L * half + 32L * (part & 1);
                long high = block + 128 + 32L * half;
                for (int j = 0; j < 32; j += Lanes.BYTES) {
                    // 16 weights share a scale and no vector of bytes is longer than 16.
                    float d = scale * data.get(ValueLayout.JAVA_BYTE, block + 192 + 2L * run + (j >> 4));
                    var lows = ByteVector.fromMemorySegment(Lanes.B, data, low + j, Lanes.ORDER);
                    var highs = ByteVector.fromMemorySegment(Lanes.B, data, high + j, Lanes.ORDER);
                    q6kValues(lows, highs, 0, part).mul(d).intoArray(out, i + 32 * run + j);
                    if (Lanes.TWO_PARTS) {
                        q6kValues(lows, highs, 1, part).mul(d).intoArray(out, i + 32 * run + j + L);
                    }
                }
            }
        }
    }

    private static FloatVector q6kValues(ByteVector lows, ByteVector highs, int bytesPart, int part) {
        var low = Lanes.unsigned(lows, bytesPart).lanewise(VectorOperators.LSHR, 4 * (part >> 1)).and(15);
        var high = Lanes.unsigned(highs, bytesPart).lanewise(VectorOperators.LSHR, 2 * part).and(3);
        return Lanes.floats(high.lanewise(VectorOperators.LSHL, 4).or(low).sub(32));
    }
}
