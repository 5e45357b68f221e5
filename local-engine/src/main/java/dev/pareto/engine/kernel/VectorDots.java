package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.tensor.Blocks;

/**
 * One row of weights, in the layout of the file, times a vector of floats: the weights are widened in registers and
 * never stored. One method for each format, so that each is compiled by itself.
 */
final class VectorDots {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
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

    static float f16(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var a = FloatVector.zero(Lanes.F);
        var b = a;
        int i = 0;
        for (; i <= count - 2 * L; i += 2 * L) {
            a = Lanes.halves(data, offset + 2L * i).fma(FloatVector.fromArray(Lanes.F, x, xAt + i), a);
            b = Lanes.halves(data, offset + 2L * (i + L)).fma(FloatVector.fromArray(Lanes.F, x, xAt + i + L), b);
        }
        float sum = a.add(b).reduceLanes(VectorOperators.ADD);
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

    /** @param sums of x over each 32 elements: the 8 that every nibble is above its value is taken off with them */
    static float q40(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        var total = FloatVector.zero(Lanes.F);
        float above = 0;
        long block = offset;
        for (int i = 0; i < count; i += 32, block += 18) {
            float scale = Blocks.half(data, block);
            var sum = FloatVector.zero(Lanes.F);
            for (int j = 0; j < 16; j += Lanes.BYTES) {
                var bytes = ByteVector.fromMemorySegment(Lanes.B, data, block + 2 + j, Lanes.ORDER);
                sum = nibbles(bytes, 0, x, xAt + i + j, 16, sum);
                if (Lanes.TWO_PARTS) {
                    sum = nibbles(bytes, 1, x, xAt + i + j + L, 16, sum);
                }
            }
            total = sum.fma(FloatVector.broadcast(Lanes.F, scale), total);
            above += scale * sums[i >> 5];
        }
        return total.reduceLanes(VectorOperators.ADD) - 8 * above;
    }

    /** Low nibbles times x, high nibbles times x further on. */
    private static FloatVector nibbles(ByteVector bytes, int part, float[] x, int at, int apart, FloatVector sum) {
        var ints = Lanes.unsigned(bytes, part);
        var low = Lanes.floats(ints.and(15)).fma(FloatVector.fromArray(Lanes.F, x, at), sum);
        return Lanes.floats(ints.lanewise(VectorOperators.LSHR, 4))
                .fma(FloatVector.fromArray(Lanes.F, x, at + apart),
                        low);
    }

    /** @param sums of x over each 32 elements: each group's minimum is taken off with them */
    static float q4k(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        var total = FloatVector.zero(Lanes.F);
        float least = 0;
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 144) {
            float scale = Blocks.half(data, block);
            // The 6-bit scales and minima of all groups, a byte each; see Blocks.q4kScale.
            int u0 = data.get(INT, block + 4);
            int u1 = data.get(INT, block + 8);
            int u2 = data.get(INT, block + 12);
            long scales = (u0 & 0x3F3F3F3FL)
                    | (((u2 & 0x0F0F0F0FL) | ((long) (u0 >>> 6 & 0x03030303) << 4)) << 32);
            long minima = (u1 & 0x3F3F3F3FL)
                    | (((u2 >>> 4 & 0x0F0F0F0FL) | ((long) (u1 >>> 6 & 0x03030303) << 4)) << 32);
            float groupLeast = 0;
            for (int pair = 0; pair < 4; pair++) {
                var low = FloatVector.zero(Lanes.F);
                var high = low;
                int from = xAt + i + 64 * pair;
                for (int j = 0; j < 32; j += Lanes.BYTES) {
                    var bytes = ByteVector.fromMemorySegment(Lanes.B, data, block + 16 + 32L * pair + j, Lanes.ORDER);
                    var ints = Lanes.unsigned(bytes, 0);
                    low = Lanes.floats(ints.and(15)).fma(FloatVector.fromArray(Lanes.F, x, from + j), low);
                    high = Lanes.floats(ints.lanewise(VectorOperators.LSHR, 4))
                            .fma(FloatVector.fromArray(Lanes.F, x, from + 32 + j), high);
                    if (Lanes.TWO_PARTS) {
                        ints = Lanes.unsigned(bytes, 1);
                        low = Lanes.floats(ints.and(15)).fma(FloatVector.fromArray(Lanes.F, x, from + j + L), low);
                        high = Lanes.floats(ints.lanewise(VectorOperators.LSHR, 4))
                                .fma(FloatVector.fromArray(Lanes.F, x, from + 32 + j + L), high);
                    }
                }
                int shift = 16 * pair;
                total = low.fma(FloatVector.broadcast(Lanes.F, scale * (scales >>> shift & 63)), total);
                total = high.fma(FloatVector.broadcast(Lanes.F, scale * (scales >>> (shift + 8) & 63)), total);
                int group = (i >> 5) + 2 * pair;
                groupLeast += (minima >>> shift & 63) * sums[group] + (minima >>> (shift + 8) & 63) * sums[group + 1];
            }
            least += Blocks.half(data, block + 2) * groupLeast;
        }
        return total.reduceLanes(VectorOperators.ADD) - least;
    }

    static float q6k(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var total = FloatVector.zero(Lanes.F);
        long block = offset;
        for (int i = xAt; i < xAt + count; i += 256, block += 210) {
            float scale = Blocks.half(data, block + 208);
            for (int part = 0; part < 4; part++) {
                // Sixteen columns of one half: four runs of 16 weights, each with its own scale.
                int half = part >> 1;
                int column = 16 * (part & 1);
                long low = block + 64L * half + column;
                long high = block + 128 + 32L * half + column;
                long scales = block + 192 + 8L * half + (part & 1);
                float d0 = scale * data.get(ValueLayout.JAVA_BYTE, scales);
                float d1 = scale * data.get(ValueLayout.JAVA_BYTE, scales + 2);
                float d2 = scale * data.get(ValueLayout.JAVA_BYTE, scales + 4);
                float d3 = scale * data.get(ValueLayout.JAVA_BYTE, scales + 6);
                int from = i + 128 * half + column;
                for (int j = 0; j < 16; j += L) {
                    int shift = Lanes.TWO_PARTS ? j & L : 0;
                    var a = q6kInts(data, low + j - shift, shift);
                    var b = q6kInts(data, low + 32 + j - shift, shift);
                    var h = q6kInts(data, high + j - shift, shift);
                    var w0 = Lanes.floats(a.and(15).or(h.and(3).lanewise(VectorOperators.LSHL, 4)).sub(32));
                    total = w0.fma(FloatVector.fromArray(Lanes.F, x, from + j).mul(d0), total);
                    var w1 = Lanes.floats(b.and(15).or(h.and(12).lanewise(VectorOperators.LSHL, 2)).sub(32));
                    total = w1.fma(FloatVector.fromArray(Lanes.F, x, from + 32 + j).mul(d1), total);
                    var w2 = Lanes.floats(a.lanewise(VectorOperators.LSHR, 4).or(h.and(48)).sub(32));
                    total = w2.fma(FloatVector.fromArray(Lanes.F, x, from + 64 + j).mul(d2), total);
                    var w3 = Lanes.floats(b.lanewise(VectorOperators.LSHR, 4)
                            .or(h.and(192).lanewise(VectorOperators.LSHR, 2))
                            .sub(32));
                    total = w3.fma(FloatVector.fromArray(Lanes.F, x, from + 96 + j).mul(d3), total);
                }
            }
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    private static IntVector q6kInts(MemorySegment data, long offset, int shift) {
        var bytes = ByteVector.fromMemorySegment(Lanes.B, data, offset, Lanes.ORDER);
        return shift == 0 ? Lanes.unsigned(bytes, 0) : Lanes.unsigned(bytes, 1);
    }
}
