package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Blocks;
import dev.pareto.engine.tensor.WeightMatrix;

/** The kernels on the Vector API, at the width that the CPU prefers. */
final class VectorKernels implements Kernels {

    /** The width of the CPU's vectors as this JVM sees it. */
    static int bits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    @Override
    public String name() {
        return "vector-" + Lanes.F.vectorBitSize();
    }

    @Override
    public String why() {
        return "vector kernels of " + Lanes.F.vectorBitSize() + " bits: the Vector API is there";
    }

    @Override
    public int lanes() {
        return Lanes.L;
    }

    @Override
    public void dequantise(WeightType type, MemorySegment data, long offset, int count, float[] out, int at) {
        switch (type) {
            case F16 -> VectorBlocks.f16(data, offset, count, out, at);
            case BF16 -> VectorBlocks.bf16(data, offset, count, out, at);
            case Q8_0 -> VectorBlocks.q80(data, offset, count, out, at);
            case Q4_0 -> VectorBlocks.q40(data, offset, count, out, at);
            case Q4_K -> VectorBlocks.q4k(data, offset, count, out, at);
            case Q6_K -> VectorBlocks.q6k(data, offset, count, out, at);
            default -> Blocks.dequantise(type, data, offset, count, out, at);
        }
    }

    @Override
    public void matVec(WeightMatrix matrix, int fromRow, int toRow, float[] x, int xAt, float[] y, int yAt) {
        int columns = matrix.columns();
        var data = matrix.data();
        long rowBytes = matrix.rowBytes();
        long row = fromRow * rowBytes;
        int end = yAt + toRow - fromRow;
        switch (matrix.type()) {
            case F32 -> {
                for (int i = yAt; i < end; i++, row += rowBytes) {
                    y[i] = VectorDots.f32(data, row, x, xAt, columns);
                }
            }
            case F16 -> {
                for (int i = yAt; i < end; i++, row += rowBytes) {
                    y[i] = VectorDots.f16(data, row, x, xAt, columns);
                }
            }
            case BF16 -> {
                for (int i = yAt; i < end; i++, row += rowBytes) {
                    y[i] = VectorDots.bf16(data, row, x, xAt, columns);
                }
            }
            case Q8_0 -> {
                for (int i = yAt; i < end; i++, row += rowBytes) {
                    y[i] = VectorDots.q80(data, row, x, xAt, columns);
                }
            }
            case Q4_0 -> {
                var sums = sums(x, xAt, columns, 32);
                for (int i = yAt; i < end; i++, row += rowBytes) {
                    y[i] = VectorDots.q40(data, row, x, xAt, columns, sums);
                }
            }
            case Q4_K -> {
                var sums = sums(x, xAt, columns, 32);
                for (int i = yAt; i < end; i++, row += rowBytes) {
                    y[i] = VectorDots.q4k(data, row, x, xAt, columns, sums);
                }
            }
            case Q6_K -> {
                var sums = sums(x, xAt, columns, 16);
                for (int i = yAt; i < end; i++, row += rowBytes) {
                    y[i] = VectorDots.q6k(data, row, x, xAt, columns, sums);
                }
            }
            default -> throw new IllegalArgumentException("unsupported weight type " + matrix.type());
        }
    }

    /** Sums of x over groups of elements; a call treats dozens of rows, which share them. */
    private static float[] sums(float[] x, int xAt, int columns, int group) {
        var sums = new float[columns / group];
        for (int i = 0; i < sums.length; i++) {
            float sum = 0;
            for (int j = 0; j < group; j++) {
                sum += x[xAt + group * i + j];
            }
            sums[i] = sum;
        }
        return sums;
    }

    @Override
    public float dot(float[] a, int aAt, float[] b, int bAt, int count) {
        return VectorLoops.dot(a, aAt, b, bAt, count);
    }

    @Override
    public void dot4(float[] a, int aAt, float[] b, int bAt, int bStride, int count, float[] sums) {
        VectorLoops.dot4(a, aAt, b, bAt, bStride, count, sums);
    }

    @Override
    public void tile(float[] w, int wAt, int wStride, float[] x, int xAt, int xTile, int count, float[] y, int yAt,
            int yStride, int tiles) {
        if (tiles == 2) {
            VectorLoops.tile2(w, wAt, wStride, x, xAt, xTile, count, y, yAt, yStride);
        } else {
            VectorLoops.tile1(w, wAt, wStride, x, xAt, count, y, yAt, yStride);
        }
    }

    @Override
    public void scores(float[] q, int qAt, int size, float[] keys, int keysAt, int pageTokens, int count, float scale,
            float[] scores, int at) {
        VectorLoops.scores(q, qAt, size, keys, keysAt, pageTokens, count, scale, scores, at);
    }

    @Override
    public void mix(float[] weights, int at, int count, float[] values, int valuesAt, int stride, int size,
            float[] out, int outAt) {
        VectorLoops.mix(weights, at, count, values, valuesAt, stride, size, out, outAt);
    }

    @Override
    public void softmax(float[] values, int at, int count) {
        VectorLoops.softmax(values, at, count);
    }

    @Override
    public void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] out, int outAt) {
        VectorLoops.rmsNorm(x, xAt, weight, epsilon, out, outAt);
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int at, int count) {
        VectorLoops.swiGlu(gate, up, at, count);
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int count) {
        VectorLoops.add(x, xAt, y, yAt, count);
    }
}
