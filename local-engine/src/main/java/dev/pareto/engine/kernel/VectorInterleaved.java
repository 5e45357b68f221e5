package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.tensor.Interleaved;

/**
 * Sixteen interleaved rows times a vector of floats, a lane for each row. A weight's bits are masked into the mantissa
 * of a float whose exponent makes it 16 + bits (or 64 + bits): no conversion. What that adds, the sums of x take off.
 * Several chains of sums run side by side, because one would wait for itself. One method for each format, so that each
 * is compiled by itself, with its loops in it: a shared loop is compiled first and then too big to be inlined; where a CPU has shorter vectors, {@code part} names the
 * lane that they start at.
 */
final class VectorInterleaved {

    private static final int NIBBLE = 15 << Interleaved.NIBBLE_AT;
    private static final int SIXTEEN = Float.floatToRawIntBits(16);
    private static final int LOW_OF_SIX = 15 << Interleaved.SIX_BITS_AT;
    private static final int HIGH_OF_SIX = 48 << Interleaved.SIX_BITS_AT;
    private static final int SIXTY_FOUR = Float.floatToRawIntBits(64);

    private VectorInterleaved() {}

    /** @param sums of x over each 32 elements */
    static void q40(MemorySegment data, long group, int part, float[] x, int xAt, int count, float[] sums, float[] y,
            int yAt) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = group;
        for (int i = 0; i < count; i += 32, block += 288) {
            long at = block + 32 + 4L * part;
            // 8 that a nibble is above its value and 16 of the exponent.
            var s0 = FloatVector.broadcast(Lanes.F, -24 * sums[i >> 5]);
            var v0 = ints(data, at);
            var v1 = ints(data, at + 64);
            var v2 = ints(data, at + 128);
            var v3 = ints(data, at + 192);
            var s1 = zero;
            var s2 = zero;
            var s3 = zero;
            int from = xAt + i;
            for (int k = from; k < from + 8; k++) {
                s0 = nibble(v0).fma(FloatVector.broadcast(Lanes.F, x[k]), s0);
                s1 = nibble(v1).fma(FloatVector.broadcast(Lanes.F, x[k + 8]), s1);
                s2 = nibble(v2).fma(FloatVector.broadcast(Lanes.F, x[k + 16]), s2);
                s3 = nibble(v3).fma(FloatVector.broadcast(Lanes.F, x[k + 24]), s3);
                v0 = v0.lanewise(VectorOperators.ROR, 4);
                v1 = v1.lanewise(VectorOperators.ROR, 4);
                v2 = v2.lanewise(VectorOperators.ROR, 4);
                v3 = v3.lanewise(VectorOperators.ROR, 4);
            }
            total = s0.add(s1).add(s2.add(s3)).fma(Lanes.halves(data, block + 2L * part), total);
        }
        total.intoArray(y, yAt);
    }

    /** @param sums of x over each 32 elements */
    static void q4k(MemorySegment data, long group, int part, float[] x, int xAt, int count, float[] sums, float[] y,
            int yAt) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = group;
        for (int i = 0; i < count; i += 256, block += 2368) {
            var scaled = zero;
            var least = zero;
            for (int j = 0; j < 8; j++) {
                long scales = block + 64 + 288L * j + part;
                long at = block + 96 + 288L * j + 4L * part;
                float all = sums[(i >> 5) + j];
                var s0 = FloatVector.broadcast(Lanes.F, -16 * all);
                var v0 = ints(data, at);
                var v1 = ints(data, at + 64);
                var v2 = ints(data, at + 128);
                var v3 = ints(data, at + 192);
                var s1 = zero;
                var s2 = zero;
                var s3 = zero;
                int from = xAt + i + 32 * j;
                for (int k = from; k < from + 8; k++) {
                    s0 = nibble(v0).fma(FloatVector.broadcast(Lanes.F, x[k]), s0);
                    s1 = nibble(v1).fma(FloatVector.broadcast(Lanes.F, x[k + 8]), s1);
                    s2 = nibble(v2).fma(FloatVector.broadcast(Lanes.F, x[k + 16]), s2);
                    s3 = nibble(v3).fma(FloatVector.broadcast(Lanes.F, x[k + 24]), s3);
                    v0 = v0.lanewise(VectorOperators.ROR, 4);
                    v1 = v1.lanewise(VectorOperators.ROR, 4);
                    v2 = v2.lanewise(VectorOperators.ROR, 4);
                    v3 = v3.lanewise(VectorOperators.ROR, 4);
                }
                scaled = s0.add(s1).add(s2.add(s3)).fma(bytes(data, scales), scaled);
                least = bytes(data, scales + 16).fma(FloatVector.broadcast(Lanes.F, all), least);
            }
            total = scaled.fma(Lanes.halves(data, block + 2L * part), total);
            total = least.neg().fma(Lanes.halves(data, block + 32 + 2L * part), total);
        }
        total.intoArray(y, yAt);
    }

    private static FloatVector nibble(IntVector bits) {
        return bits.and(NIBBLE).or(SIXTEEN).reinterpretAsFloats();
    }

    /** @param sums of x over each 16 elements */
    static void q6k(MemorySegment data, long group, int part, float[] x, int xAt, int count, float[] sums, float[] y,
            int yAt) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = group;
        for (int i = 0; i < count; i += 256, block += 3360) {
            var scaled = zero;
            for (int j = 0; j < 16; j++) {
                long at = block + 32 + 208L * j;
                var low0 = ints(data, at + 16 + 4L * part);
                var low1 = ints(data, at + 80 + 4L * part);
                var high0 = ints(data, at + 144 + 4L * part);
                var high1 = high0.lanewise(VectorOperators.ROR, 16);
                // 32 that six bits are above their value and 64 of the exponent.
                var s0 = FloatVector.broadcast(Lanes.F, -96 * sums[(i >> 4) + j]);
                var s1 = zero;
                int from = xAt + i + 16 * j;
                for (int k = from; k < from + 8; k++) {
                    s0 = sixBits(low0, high0).fma(FloatVector.broadcast(Lanes.F, x[k]), s0);
                    s1 = sixBits(low1, high1).fma(FloatVector.broadcast(Lanes.F, x[k + 8]), s1);
                    low0 = low0.lanewise(VectorOperators.ROR, 4);
                    low1 = low1.lanewise(VectorOperators.ROR, 4);
                    high0 = high0.lanewise(VectorOperators.ROR, 2);
                    high1 = high1.lanewise(VectorOperators.ROR, 2);
                }
                scaled = s0.add(s1).fma(bytes(data, at + part), scaled);
            }
            total = scaled.fma(Lanes.halves(data, block + 2L * part), total);
        }
        total.intoArray(y, yAt);
    }

    private static FloatVector sixBits(IntVector low, IntVector high) {
        return low.and(LOW_OF_SIX).or(high.and(HIGH_OF_SIX)).or(SIXTY_FOUR).reinterpretAsFloats();
    }

    private static IntVector ints(MemorySegment data, long at) {
        return IntVector.fromMemorySegment(Lanes.I, data, at, Lanes.ORDER);
    }

    /** Signed bytes as floats; vectors of four lanes read four bytes more than they use, which are there. */
    private static FloatVector bytes(MemorySegment data, long at) {
        return Lanes.signed(ByteVector.fromMemorySegment(Lanes.B, data, at, Lanes.ORDER), 0);
    }
}
