package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.tensor.Blocks;

/**
 * One row of blocks of 256 weights, in the layout of the file, times a vector of floats. The sixteen scales of a block
 * are widened together and kept as floats for its runs. One method for each format, so that each is compiled by itself.
 */
final class VectorSuperDots {

    private VectorSuperDots() {}

    /** @param sums of x over each 16 elements: each run's minimum is taken off with them */
    static float q2k(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        var scales = new float[16];
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 84) {
            var packed = Lanes.sixteen(data, block);
            Lanes.store(packed.and((byte) 15), Blocks.half(data, block + 80), scales, 0);
            total = Lanes.times(Lanes.right(packed, 4).and((byte) 15), sums, i >> 4, zero)
                    .fma(FloatVector.broadcast(Lanes.F, -Blocks.half(data, block + 82)), total);
            for (int part = 0; part < 4; part++) {
                var bits = Lanes.sixteen(data, block + 16 + 16L * part);
                // Two parts are the two columns of 16 of one half of 128.
                int from = 128 * (part >> 1) + 16 * (part & 1);
                for (int run = 0; run < 4; run++, from += 32) {
                    total = Lanes.times(bits.and((byte) 3), x, xAt + i + from, zero)
                            .fma(FloatVector.broadcast(Lanes.F, scales[from >> 4]), total);
                    bits = Lanes.right(bits, 2);
                }
            }
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    static float q3k(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        var scales = new float[16];
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 110) {
            Lanes.store(Codes.q3kScales(data, block + 96), Blocks.half(data, block + 108), scales, 0);
            for (int part = 0; part < 4; part++) {
                var high = Lanes.right(Lanes.sixteen(data, block + 16L * (part & 1)), 4 * (part >> 1));
                var low = Lanes.sixteen(data, block + 32 + 16L * part);
                int from = 128 * (part >> 1) + 16 * (part & 1);
                for (int run = 0; run < 4; run++, from += 32) {
                    total = Lanes.times(threeBits(low, high), x, xAt + i + from, zero)
                            .fma(FloatVector.broadcast(Lanes.F, scales[from >> 4]), total);
                    low = Lanes.right(low, 2);
                    high = Lanes.right(high, 1);
                }
            }
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    /** Two low bits, the lowest of high above them, less 4. */
    static ByteVector threeBits(ByteVector low, ByteVector high) {
        return low.and((byte) 3).or(Lanes.left(high.and((byte) 1), 2)).sub((byte) 4);
    }

    /**
     * Two totals and no inner loop over the halves of a group: one total and a loop ran a fifth slower.
     *
     * @param sums for each block eight zeros, then those of x over each 32 elements, which meet the minima
     */
    static float q4k(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        var zero = FloatVector.zero(Lanes.F);
        var lows = zero;
        var highs = zero;
        var scales = new float[16];
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 144) {
            var packed = Codes.sixBits(data, block + 4);
            Lanes.store(packed, Blocks.half(data, block), scales, 0);
            lows = Lanes.times(packed, sums, i >> 4, zero)
                    .fma(FloatVector.broadcast(Lanes.F, -Blocks.half(data, block + 2)), lows);
            for (int pair = 0; pair < 4; pair++) {
                int from = xAt + i + 64 * pair;
                var first = Lanes.sixteen(data, block + 16 + 32L * pair);
                var second = Lanes.sixteen(data, block + 32 + 32L * pair);
                var low = Lanes.times(first.and((byte) 15), x, from, zero);
                low = Lanes.times(second.and((byte) 15), x, from + 16, low);
                var high = Lanes.times(Lanes.right(first, 4).and((byte) 15), x, from + 32, zero);
                high = Lanes.times(Lanes.right(second, 4).and((byte) 15), x, from + 48, high);
                lows = low.fma(FloatVector.broadcast(Lanes.F, scales[2 * pair]), lows);
                highs = high.fma(FloatVector.broadcast(Lanes.F, scales[2 * pair + 1]), highs);
            }
        }
        return lows.add(highs).reduceLanes(VectorOperators.ADD);
    }

    /**
     * The minima are met on a walk of their own: one method for all is past what the compiler inlines and ran at a
     * seventh of the speed.
     *
     * @param sums as for Q4_K
     */
    static float q5k(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        return q5kBits(data, offset, x, xAt, count) - q5kMinima(data, offset, count, sums);
    }

    private static float q5kMinima(MemorySegment data, long offset, int count, float[] sums) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 176) {
            total = Lanes.times(Codes.sixBits(data, block + 4), sums, i >> 4, zero)
                    .fma(FloatVector.broadcast(Lanes.F, Blocks.half(data, block + 2)), total);
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    private static float q5kBits(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var zero = FloatVector.zero(Lanes.F);
        var lows = zero;
        var highs = zero;
        var scales = new float[16];
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 176) {
            Lanes.store(Codes.sixBits(data, block + 4), Blocks.half(data, block), scales, 0);
            for (int j = 0; j < 32; j += 16) {
                var fifth = Lanes.sixteen(data, block + 16 + j);
                for (int pair = 0; pair < 4; pair++) {
                    int from = xAt + i + 64 * pair + j;
                    var nibbles = Lanes.sixteen(data, block + 48 + 32L * pair + j);
                    lows = Lanes.times(fiveLow(nibbles, fifth), x, from, zero)
                            .fma(FloatVector.broadcast(Lanes.F, scales[2 * pair]), lows);
                    highs = Lanes.times(fiveHigh(nibbles, fifth), x, from + 32, zero)
                            .fma(FloatVector.broadcast(Lanes.F, scales[2 * pair + 1]), highs);
                    fifth = Lanes.right(fifth, 2);
                }
            }
        }
        return lows.add(highs).reduceLanes(VectorOperators.ADD);
    }

    /** Low nibbles under the lowest bits of fifth. */
    static ByteVector fiveLow(ByteVector nibbles, ByteVector fifth) {
        return nibbles.and((byte) 15).or(Lanes.left(fifth.and((byte) 1), 4));
    }

    /** High nibbles under the second bits of fifth. */
    static ByteVector fiveHigh(ByteVector nibbles, ByteVector fifth) {
        return Lanes.right(nibbles, 4).and((byte) 15).or(Lanes.left(fifth.and((byte) 2), 3));
    }

    static float q6k(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        var scales = new float[16];
        long block = offset;
        for (int i = 0; i < count; i += 256, block += 210) {
            Lanes.store(Lanes.sixteen(data, block + 192), Blocks.half(data, block + 208), scales, 0);
            for (int part = 0; part < 4; part++) {
                int column = 16 * (part & 1);
                int half = part >> 1;
                var high = Lanes.sixteen(data, block + 128 + 32L * half + column);
                for (int j = 0; j < 2; j++) {
                    var low = Lanes.sixteen(data, block + 64L * half + 32L * j + column);
                    int from = 128 * half + 32 * j + column;
                    total = Lanes.times(sixLow(low, high), x, xAt + i + from, zero)
                            .fma(FloatVector.broadcast(Lanes.F, scales[from >> 4]), total);
                    total = Lanes.times(sixHigh(low, high), x, xAt + i + from + 64, zero)
                            .fma(FloatVector.broadcast(Lanes.F, scales[(from >> 4) + 4]), total);
                    high = Lanes.right(high, 2);
                }
            }
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    /** Low nibbles under bits 0 and 1 of high, less 32. */
    static ByteVector sixLow(ByteVector low, ByteVector high) {
        return low.and((byte) 15).or(Lanes.left(high.and((byte) 3), 4)).sub((byte) 32);
    }

    /** High nibbles under bits 4 and 5 of high, less 32. */
    static ByteVector sixHigh(ByteVector low, ByteVector high) {
        return Lanes.right(low, 4).and((byte) 15).or(high.and((byte) 48)).sub((byte) 32);
    }

    static float iq4xs(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = offset;
        for (int i = xAt; i < xAt + count; i += 256, block += 136) {
            float scale = Blocks.half(data, block);
            for (int group = 0; group < 8; group++) {
                var pairs = Lanes.sixteen(data, block + 8 + 16L * group);
                int from = i + 32 * group;
                var sum = Lanes.times(pairs.and((byte) 15).selectFrom(Codes.IQ4), x, from, zero);
                sum = Lanes.times(Lanes.right(pairs, 4).and((byte) 15).selectFrom(Codes.IQ4), x, from + 16, sum);
                total = sum.fma(FloatVector.broadcast(Lanes.F, scale * Blocks.iq4xsScale(data, block, group)), total);
            }
        }
        return total.reduceLanes(VectorOperators.ADD);
    }
}
