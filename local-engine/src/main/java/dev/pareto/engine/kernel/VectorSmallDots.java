package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.tensor.Blocks;

/**
 * One row of blocks of 32 weights of four or five bits, in the layout of the file, times a vector of floats. One method
 * for each format, so that each is compiled by itself.
 */
final class VectorSmallDots {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private VectorSmallDots() {}

    static float q40(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = offset;
        for (int i = xAt; i < xAt + count; i += 32, block += 18) {
            var pairs = Lanes.sixteen(data, block + 2);
            var sum = Lanes.times(pairs.and((byte) 15).sub((byte) 8), x, i, zero);
            sum = Lanes.times(Lanes.right(pairs, 4).and((byte) 15).sub((byte) 8), x, i + 16, sum);
            total = sum.fma(FloatVector.broadcast(Lanes.F, Blocks.half(data, block)), total);
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    /** @param sums of x over each 32 elements: each block's minimum is added with them */
    static float q41(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        float least = 0;
        long block = offset;
        for (int i = 0; i < count; i += 32, block += 20) {
            var pairs = Lanes.sixteen(data, block + 4);
            var sum = Lanes.times(pairs.and((byte) 15), x, xAt + i, zero);
            sum = Lanes.times(Lanes.right(pairs, 4).and((byte) 15), x, xAt + i + 16, sum);
            total = sum.fma(FloatVector.broadcast(Lanes.F, Blocks.half(data, block)), total);
            least += Blocks.half(data, block + 2) * sums[i >> 5];
        }
        return total.reduceLanes(VectorOperators.ADD) + least;
    }

    static float q50(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = offset;
        for (int i = xAt; i < xAt + count; i += 32, block += 22) {
            int fifth = data.get(INT, block + 2);
            var pairs = Lanes.sixteen(data, block + 6);
            var sum = Lanes.times(Codes.lessSixteenWhereClear(pairs.and((byte) 15), fifth), x, i, zero);
            sum = Lanes.times(Codes.lessSixteenWhereClear(Lanes.right(pairs, 4).and((byte) 15), fifth >>> 16), x,
                    i + 16, sum);
            total = sum.fma(FloatVector.broadcast(Lanes.F, Blocks.half(data, block)), total);
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    /** @param sums of x over each 32 elements: each block's minimum is added with them */
    static float q51(MemorySegment data, long offset, float[] x, int xAt, int count, float[] sums) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        float least = 0;
        long block = offset;
        for (int i = 0; i < count; i += 32, block += 24) {
            int fifth = data.get(INT, block + 4);
            var pairs = Lanes.sixteen(data, block + 8);
            var sum = Lanes.times(Codes.plusSixteenWhereSet(pairs.and((byte) 15), fifth), x, xAt + i, zero);
            sum = Lanes.times(Codes.plusSixteenWhereSet(Lanes.right(pairs, 4).and((byte) 15), fifth >>> 16), x,
                    xAt + i + 16, sum);
            total = sum.fma(FloatVector.broadcast(Lanes.F, Blocks.half(data, block)), total);
            least += Blocks.half(data, block + 2) * sums[i >> 5];
        }
        return total.reduceLanes(VectorOperators.ADD) + least;
    }

    static float iq4nl(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = offset;
        for (int i = xAt; i < xAt + count; i += 32, block += 18) {
            var pairs = Lanes.sixteen(data, block + 2);
            var sum = Lanes.times(pairs.and((byte) 15).selectFrom(Codes.IQ4), x, i, zero);
            sum = Lanes.times(Lanes.right(pairs, 4).and((byte) 15).selectFrom(Codes.IQ4), x, i + 16, sum);
            total = sum.fma(FloatVector.broadcast(Lanes.F, Blocks.half(data, block)), total);
        }
        return total.reduceLanes(VectorOperators.ADD);
    }

    static float mxfp4(MemorySegment data, long offset, float[] x, int xAt, int count) {
        var zero = FloatVector.zero(Lanes.F);
        var total = zero;
        long block = offset;
        for (int i = xAt; i < xAt + count; i += 32, block += 17) {
            var pairs = Lanes.sixteen(data, block + 1);
            var sum = Lanes.times(pairs.and((byte) 15).selectFrom(Codes.MXFP4), x, i, zero);
            sum = Lanes.times(Lanes.right(pairs, 4).and((byte) 15).selectFrom(Codes.MXFP4), x, i + 16, sum);
            total = sum.fma(FloatVector.broadcast(Lanes.F, Blocks.halfPower(data, block)), total);
        }
        return total.reduceLanes(VectorOperators.ADD);
    }
}
