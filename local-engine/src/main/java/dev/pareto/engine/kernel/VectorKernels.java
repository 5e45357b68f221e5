package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import jdk.incubator.vector.FloatVector;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.machine.MachineCode;
import dev.pareto.engine.tensor.Blocks;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.WeightMatrix;

/** The kernels on the Vector API, at the width that the CPU prefers. */
final class VectorKernels implements Kernels {

    /** The width of the CPU's vectors as this JVM sees it. */
    static int bits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    private final @Nullable MachineCode code;
    private final String whyCode;

    /**
     * With what there is beside the Vector API.
     *
     * @param whyCode why there is machine code or none
     */
    VectorKernels(@Nullable MachineCode code, String whyCode) {
        this.code = code;
        this.whyCode = whyCode;
    }

    @Override
    public String name() {
        return "vector-" + Lanes.F.vectorBitSize() + (code == null ? "" : "+vnni");
    }

    @Override
    public String why() {
        return "vector kernels of " + Lanes.F.vectorBitSize() + " bits: the Vector API is there; " + whyCode;
    }

    @Override
    public @Nullable MachineCode machineCode() {
        return code;
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
            case Q4_0 -> VectorSmallBlocks.q40(data, offset, count, out, at);
            case Q4_1 -> VectorSmallBlocks.q41(data, offset, count, out, at);
            case Q5_0 -> VectorSmallBlocks.q50(data, offset, count, out, at);
            case Q5_1 -> VectorSmallBlocks.q51(data, offset, count, out, at);
            case IQ4_NL -> VectorSmallBlocks.iq4nl(data, offset, count, out, at);
            case MXFP4 -> VectorSmallBlocks.mxfp4(data, offset, count, out, at);
            case Q2_K -> VectorSuperBlocks.q2k(data, offset, count, out, at);
            case Q3_K -> VectorSuperBlocks.q3k(data, offset, count, out, at);
            case Q4_K -> VectorSuperBlocks.q4k(data, offset, count, out, at);
            case Q5_K -> VectorSuperBlocks.q5k(data, offset, count, out, at);
            case Q6_K -> VectorSuperBlocks.q6k(data, offset, count, out, at);
            case IQ4_XS -> VectorSuperBlocks.iq4xs(data, offset, count, out, at);
            default -> Blocks.dequantise(type, data, offset, count, out, at);
        }
    }

    /** One row, from a byte of the data on, times the vector. */
    @FunctionalInterface
    private interface RowDot {

        float of(MemorySegment data, long row, float[] x, int xAt, int count);
    }

    @Override
    public void matVec(WeightMatrix matrix, int fromRow, int toRow, float[] x, int xAt, float[] y, int yAt) {
        var dot = rowDot(matrix.type(), x, xAt, matrix.columns());
        long rowBytes = matrix.rowBytes();
        long row = fromRow * rowBytes;
        for (int i = yAt; i < yAt + toRow - fromRow; i++, row += rowBytes) {
            y[i] = dot.of(matrix.data(), row, x, xAt, matrix.columns());
        }
    }

    /** A method of its own for each format, so that no format's profile spoils another's compilation. */
    private static RowDot rowDot(WeightType type, float[] x, int xAt, int columns) {
        return switch (type) {
            case F32 -> VectorDots::f32;
            case F16 -> VectorDots::f16;
            case BF16 -> VectorDots::bf16;
            case Q8_0 -> VectorDots::q80;
            case Q4_0 -> VectorSmallDots::q40;
            case Q4_1 -> with(VectorSmallDots::q41, sums(x, xAt, columns, 32));
            case Q5_0 -> VectorSmallDots::q50;
            case Q5_1 -> with(VectorSmallDots::q51, sums(x, xAt, columns, 32));
            case IQ4_NL -> VectorSmallDots::iq4nl;
            case MXFP4 -> VectorSmallDots::mxfp4;
            case Q2_K -> with(VectorSuperDots::q2k, sums(x, xAt, columns, 16));
            case Q3_K -> VectorSuperDots::q3k;
            case Q4_K -> with(VectorSuperDots::q4k, sumsOfSuperBlocks(x, xAt, columns));
            case Q5_K -> with(VectorSuperDots::q5k, sumsOfSuperBlocks(x, xAt, columns));
            case Q6_K -> VectorSuperDots::q6k;
            case IQ4_XS -> VectorSuperDots::iq4xs;
            default -> throw new IllegalArgumentException("unsupported weight type " + type);
        };
    }

    @Override
    public boolean prefersInterleaved(WeightType type) {
        // Bytes of Q8_0 for one vector of 128 bits are half of what can be loaded.
        return Interleaved.supports(type) && (type != WeightType.Q8_0 || !Lanes.TWO_PARTS);
    }

    @Override
    public void matVec(Interleaved matrix, int fromGroup, int toGroup, float[] x, int xAt, Activations rounded,
            float[] y, int yAt) {
        int columns = matrix.matrix().columns();
        var type = matrix.matrix().type();
        var data = matrix.data();
        var minima = new float[Interleaved.ROWS];
        var sums = new float[Interleaved.ROWS];
        int to = yAt;
        for (int group = fromGroup; group < toGroup; group++, to += Interleaved.ROWS) {
            long at = matrix.groupOffset(group);
            for (int part = 0; part < 16; part += Lanes.L) {
                switch (type) {
                    case F16 -> VectorInterleaved.f16(data, at, part, x, xAt, columns, y, to);
                    case Q8_0 -> VectorInterleaved.q80(data, at, part, x, xAt, columns, y, to);
                    case Q4_0 -> VectorInterleaved.q40(data, at, part, rounded, columns, y, to);
                    case Q4_K, Q6_K -> {
                        Arrays.fill(y, to + part, to + part + Lanes.L, 0);
                        Arrays.fill(y, to + part + 16, to + part + 16 + Lanes.L, 0);
                        long block = at;
                        for (int i = 0; i < columns; i += 256, block += Interleaved.blockBytes(type)) {
                            superBlock(type, data, block, part, rounded, i, minima, sums, y, to);
                        }
                    }
                    default -> throw new IllegalArgumentException("no interleaved layout for " + type);
                }
            }
        }
    }

    private static void superBlock(WeightType type, MemorySegment data, long block, int part, Activations x, int from,
            float[] minima, float[] sums, float[] y, int yAt) {
        if (type == WeightType.Q4_K) {
            VectorInterleaved.q4kStart(data, block, part, x, from, minima, sums);
            VectorInterleaved.addScaled(data, block + Interleaved.WORD, part, minima, -1, y, yAt);
            VectorInterleaved.q4k(data, block, part, x, from, sums);
        } else {
            VectorInterleaved.q6k(data, block, part, x, from, sums);
        }
        VectorInterleaved.addScaled(data, block, part, sums, 1, y, yAt);
    }

    /** The same with sums of x, which meet what all weights of a group have in common. */
    @FunctionalInterface
    private interface RowDotWithSums {

        float of(MemorySegment data, long row, float[] x, int xAt, int count, float[] sums);
    }

    private static RowDot with(RowDotWithSums dot, float[] sums) {
        return (data, row, x, xAt, count) -> dot.of(data, row, x, xAt, count, sums);
    }

    /** Sums of x over groups of elements; a call treats dozens of rows, which share them. */
    private static float[] sums(float[] x, int xAt, int columns, int group) {
        var sums = new float[columns / group];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sum(x, xAt + group * i, group);
        }
        return sums;
    }

    /** For each 256 elements eight zeros, then the sums over each 32: as eight scales and eight minima lie. */
    private static float[] sumsOfSuperBlocks(float[] x, int xAt, int columns) {
        var sums = new float[columns / 16];
        for (int i = 0; i < columns / 32; i++) {
            sums[16 * (i >> 3) + 8 + (i & 7)] = sum(x, xAt + 32 * i, 32);
        }
        return sums;
    }

    private static float sum(float[] x, int from, int count) {
        float sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += x[i];
        }
        return sum;
    }

    @Override
    public boolean multipliesFour(WeightType type) {
        return type == WeightType.Q8_0;
    }

    @Override
    public void matVecs(Interleaved matrix, int fromGroup, int toGroup, float[] x, int vectors, float[] y, int yAt,
            int yStride) {
        int columns = matrix.matrix().columns();
        int to = yAt;
        for (int group = fromGroup; group < toGroup; group++, to += Interleaved.ROWS) {
            for (int part = 0; part < 16; part += Lanes.L) {
                VectorInterleaved.q80(matrix.data(), matrix.groupOffset(group), part, x, columns, vectors - 1, y, to,
                        yStride);
            }
        }
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
    public void widen(Interleaved matrix, int group, int fromColumn, int columns, MemorySegment panel) {
        var type = matrix.matrix().type();
        var data = matrix.data();
        int step = Interleaved.blockBytes(type);
        long at = matrix.groupOffset(group) + (long) (fromColumn / type.blockElements()) * step;
        for (int part = 0; part < 16; part += Lanes.L) {
            switch (type) {
                case F16 -> VectorPanels.f16(data, at, part, columns, panel);
                case Q8_0 -> VectorPanels.q80(data, at, part, columns, panel);
                case Q4_0 -> {
                    VectorPanels.q40(data, at, part, 0, columns, panel);
                    VectorPanels.q40(data, at, part, 16, columns, panel);
                }
                case Q4_K -> {
                    long block = at;
                    for (int c = 0; c < columns; c += 256, block += step) {
                        VectorPanels.q4k(data, block, part, 0, panel, 128 * c);
                        VectorPanels.q4k(data, block, part, 16, panel, 128 * c);
                    }
                }
                case Q6_K -> {
                    long block = at;
                    for (int c = 0; c < columns; c += 256, block += step) {
                        VectorPanels.q6k(data, block, part, 0, panel, 128 * c);
                        VectorPanels.q6k(data, block, part, 16, panel, 128 * c);
                    }
                }
                default -> throw new IllegalArgumentException("no interleaved layout for " + type);
            }
        }
    }

    @Override
    public void tile(MemorySegment panel, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        if (Lanes.L == 16) {
            VectorLoops.tile2(panel, columns, x, xAt, sums, sumsAt);
        } else {
            for (int row = 0; row < Interleaved.ROWS; row += Lanes.L) {
                VectorLoops.tile1(panel, 4L * row, columns, x, xAt, sums, sumsAt + row);
            }
        }
    }

    @Override
    public void scores(int rows, float[] q, int qAt, int qStride, int size, float[] keys, int keysAt, int pageTokens,
            int count, float[] scores, int at, int stride) {
        int row = 0;
        for (; row < rows - 1; row += 2) {
            VectorAttention.scores2(q, qAt + row * qStride, qStride, size, keys, keysAt, pageTokens, count, scores,
                    at + row * stride, stride);
        }
        if (row < rows) {
            VectorAttention.scores1(q, qAt + row * qStride, size, keys, keysAt, pageTokens, count, scores,
                    at + row * stride);
        }
    }

    @Override
    public void mix(int rows, float[] weights, int at, int stride, int count, float[] values, int valuesAt, int size,
            float[] out, int outAt, int outStride) {
        int row = 0;
        for (; row < rows - 1; row += 2) {
            VectorAttention.mix2(weights, at + row * stride, stride, count, values, valuesAt, size, out,
                    outAt + row * outStride, outStride);
        }
        if (row < rows) {
            VectorAttention.mix1(weights, at + row * stride, count, values, valuesAt, size, out,
                    outAt + row * outStride);
        }
    }

    @Override
    public void widenColumns(byte[] codes, int at, float[] scales, int scalesAt, int size, int pageTokens, int count,
            float[] out) {
        VectorAttention.widenColumns(codes, at, scales, scalesAt, size, pageTokens, count, out);
    }

    @Override
    public void widenRows(byte[] codes, int at, float[] scales, int scalesAt, int count, int size, float[] out) {
        VectorAttention.widenRows(codes, at, scales, scalesAt, count, size, out);
    }

    @Override
    public void softCap(float[] values, int at, int count, float cap) {
        VectorAttention.softCap(values, at, count, cap);
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
