package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
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

    /**
     * A row is walked twice, for the low and for the high nibbles: one method for both is past what the compiler inlines
     * and ran at a quarter of the speed.
     *
     * @param sums of x over each 16 elements: the 32 that every weight's bits are above its value is taken off with them
     */
    static float q6k(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        return q6kLow(data, offset, x, xAt, count, sums) + q6kHigh(data, offset, x, xAt, count, sums);
    }

    private static float q6kLow(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        var a = FloatVector.zero(Lanes.F);
        var b = a;
        float above = 0;
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 210) {
            float scale = Blocks.half(data, block + 208);
            for (int part = 0; part < 4; part++) {
                // Sixteen columns of one half: a run of 16 weights in each of two byte ranges, each with its own scale.
                int column = 16 * (part & 1);
                long low = block + 64L * (part >> 1) + column;
                long high = block + 128 + 32L * (part >> 1) + column;
                long scales = block + 192 + 8L * (part >> 1) + (part & 1);
                float d0 = scale * data.get(ValueLayout.JAVA_BYTE, scales);
                float d1 = scale * data.get(ValueLayout.JAVA_BYTE, scales + 2);
                int from = i + 128 * (part >> 1) + column;
                for (int j = 0; j < 16; j += Lanes.BYTES) {
                    int at = xAt + from + j;
                    var l0 = bytes(data, low + j);
                    var l1 = bytes(data, low + 32 + j);
                    var h = bytes(data, high + j);
                    a = q6kLow(l0, h, 0, 3, 4).mul(d0).fma(FloatVector.fromArray(Lanes.F, x, at), a);
                    b = q6kLow(l1, h, 0, 12, 2).mul(d1).fma(FloatVector.fromArray(Lanes.F, x, at + 32), b);
                    if (Lanes.TWO_PARTS) {
                        a = q6kLow(l0, h, 1, 3, 4).mul(d0).fma(FloatVector.fromArray(Lanes.F, x, at + L), a);
                        b = q6kLow(l1, h, 1, 12, 2).mul(d1).fma(FloatVector.fromArray(Lanes.F, x, at + 32 + L), b);
                    }
                }
                above += d0 * sums[from >> 4] + d1 * sums[(from >> 4) + 2];
            }
        }
        return a.add(b).reduceLanes(VectorOperators.ADD) - 32 * above;
    }

    private static float q6kHigh(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        var a = FloatVector.zero(Lanes.F);
        var b = a;
        float above = 0;
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 210) {
            float scale = Blocks.half(data, block + 208);
            for (int part = 0; part < 4; part++) {
                int column = 16 * (part & 1);
                long low = block + 64L * (part >> 1) + column;
                long high = block + 128 + 32L * (part >> 1) + column;
                long scales = block + 196 + 8L * (part >> 1) + (part & 1);
                float d0 = scale * data.get(ValueLayout.JAVA_BYTE, scales);
                float d1 = scale * data.get(ValueLayout.JAVA_BYTE, scales + 2);
                int from = i + 128 * (part >> 1) + column + 64;
                for (int j = 0; j < 16; j += Lanes.BYTES) {
                    int at = xAt + from + j;
                    var l0 = bytes(data, low + j);
                    var l1 = bytes(data, low + 32 + j);
                    var h = bytes(data, high + j);
                    a = q6kHigh(l0, h, 0, 48, 0).mul(d0).fma(FloatVector.fromArray(Lanes.F, x, at), a);
                    b = q6kHigh(l1, h, 0, 192, 2).mul(d1).fma(FloatVector.fromArray(Lanes.F, x, at + 32), b);
                    if (Lanes.TWO_PARTS) {
                        a = q6kHigh(l0, h, 1, 48, 0).mul(d0).fma(FloatVector.fromArray(Lanes.F, x, at + L), a);
                        b = q6kHigh(l1, h, 1, 192, 2).mul(d1).fma(FloatVector.fromArray(Lanes.F, x, at + 32 + L), b);
                    }
                }
                above += d0 * sums[from >> 4] + d1 * sums[(from >> 4) + 2];
            }
        }
        return a.add(b).reduceLanes(VectorOperators.ADD) - 32 * above;
    }

    private static ByteVector bytes(MemorySegment data, long offset) {
        return ByteVector.fromMemorySegment(Lanes.B, data, offset, Lanes.ORDER);
    }

    /** Low nibbles under the two bits of the mask, shifted left to bits 4 and 5. */
    private static FloatVector q6kLow(ByteVector lows, ByteVector highs, int part, int mask, int shift) {
        return Lanes.floats(Lanes.unsigned(lows, part)
                .and(15)
                .or(Lanes.unsigned(highs, part).and(mask).lanewise(VectorOperators.LSHL, shift)));
    }

    /** High nibbles under the two bits of the mask, shifted right to bits 4 and 5. */
    private static FloatVector q6kHigh(ByteVector lows, ByteVector highs, int part, int mask, int shift) {
        return Lanes.floats(Lanes.unsigned(lows, part)
                .lanewise(VectorOperators.LSHR, 4)
                .or(Lanes.unsigned(highs, part).and(mask).lanewise(VectorOperators.LSHR, shift)));
    }
}
