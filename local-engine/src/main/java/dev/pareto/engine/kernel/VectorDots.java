package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.tensor.Blocks;

/**
 * One row of floats, halves or bytes, in the layout of the file, times a vector of floats: the weights are widened in
 * registers and never stored. One method for each format, so that each is compiled by itself.
 */
final class VectorDots {

    private static final int L = Lanes.L;

    private VectorDots() {}

    static float f32(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var a = FloatVector.zero(Lanes.F);
        var b = a;
        var c = a;
        var d = a;
        int i = 0;
        for (; i <= count - 4 * L; i += 4 * L) {
            long at = offset + 4L * i;
            a = Lanes.floats(data, at).fma(FloatVector.fromArray(Lanes.F, x, xAt + i), a);
            b = Lanes.floats(data, at + 4L * L).fma(FloatVector.fromArray(Lanes.F, x, xAt + i + L), b);
            c = Lanes.floats(data, at + 8L * L).fma(FloatVector.fromArray(Lanes.F, x, xAt + i + 2 * L), c);
            d = Lanes.floats(data, at + 12L * L).fma(FloatVector.fromArray(Lanes.F, x, xAt + i + 3 * L), d);
        }
        for (; i <= count - L; i += L) {
            a = Lanes.floats(data, offset + 4L * i).fma(FloatVector.fromArray(Lanes.F, x, xAt + i), a);
        }
        float sum = a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sum += data.get(Blocks.FLOAT, offset + 4L * i) * x[xAt + i];
        }
        return sum;
    }

    /** One widening each turn: a second one is at times not inlined, which costs two thirds of the speed. */
    static float f16(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var a = FloatVector.zero(Lanes.F);
        int i = 0;
        for (; i <= count - L; i += L) {
            a = Lanes.halves(data, offset + 2L * i).fma(FloatVector.fromArray(Lanes.F, x, xAt + i), a);
        }
        float sum = a.reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sum += Blocks.half(data, offset + 2L * i) * x[xAt + i];
        }
        return sum;
    }

    static float bf16(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var a = FloatVector.zero(Lanes.F);
        var b = a;
        int i = 0;
        for (; i <= count - 2 * L; i += 2 * L) {
            a = Lanes.bfloats(data, offset + 2L * i).fma(FloatVector.fromArray(Lanes.F, x, xAt + i), a);
            b = Lanes.bfloats(data, offset + 2L * (i + L)).fma(FloatVector.fromArray(Lanes.F, x, xAt + i + L), b);
        }
        float sum = a.add(b).reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sum += Blocks.bfloat(data, offset + 2L * i) * x[xAt + i];
        }
        return sum;
    }

    static float q80(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var total = FloatVector.zero(Lanes.F);
        long block = offset;
        for (int i = xAt; i < xAt + count; i += 32, block += 34) {
            var sum = FloatVector.zero(Lanes.F);
            for (int j = 0; j < 32; j += Lanes.BYTES) {
                var bytes = ByteVector.fromMemorySegment(Lanes.B, data, block + 2 + j, Lanes.ORDER);
                sum = Lanes.signed(bytes, 0).fma(FloatVector.fromArray(Lanes.F, x, i + j), sum);
                if (Lanes.TWO_PARTS) {
                    sum = Lanes.signed(bytes, 1).fma(FloatVector.fromArray(Lanes.F, x, i + j + L), sum);
                }
            }
            total = sum.fma(FloatVector.broadcast(Lanes.F, Blocks.half(data, block)), total);
        }
        return total.reduceLanes(VectorOperators.ADD);
    }
}
