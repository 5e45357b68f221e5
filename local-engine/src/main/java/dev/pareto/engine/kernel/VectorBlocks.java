package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

import dev.pareto.engine.tensor.Blocks;

/**
 * Halves and bytes widened to floats in memory, for products with many tokens, where each weight is widened once and used often.
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
}
