package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.machine.MachineCode;
import dev.pareto.engine.tensor.Blocks;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.WeightMatrix;

/** The kernels in plain Java: the fallback, and the twin that the vector kernels are tested against. */
final class ScalarKernels implements Kernels {

    private static final int LANES = 8;
    /** A multiple of every block length. */
    private static final int CHUNK = 1024;

    private final String why;

    ScalarKernels(String why) {
        this.why = why;
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String why() {
        return "scalar kernels: " + why;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void dequantise(WeightType type, MemorySegment data, long offset, int count, float[] out, int at) {
        Blocks.dequantise(type, data, offset, count, out, at);
    }

    @Override
    public void matVec(WeightMatrix matrix, int fromRow, int toRow, float[] x, int xAt, float[] y, int yAt) {
        var chunk = new float[Math.min(CHUNK, matrix.columns())];
        for (int row = fromRow; row < toRow; row++) {
            float sum = 0;
            for (int from = 0; from < matrix.columns(); from += CHUNK) {
                int count = Math.min(CHUNK, matrix.columns() - from);
                Blocks.dequantise(matrix.type(), matrix.data(), matrix.blockOffset(row, from), count, chunk, 0);
                sum += dot(chunk, 0, x, xAt + from, count);
            }
            y[yAt + row - fromRow] = sum;
        }
    }

    /** Rows in one piece suit a scalar loop best. */
    @Override
    public @Nullable MachineCode machineCode() {
        return null;
    }

    @Override
    public boolean prefersInterleaved(WeightType type) {
        return false;
    }

    @Override
    public void matVec(Interleaved matrix, int fromGroup, int toGroup, float[] x, int xAt, Activations rounded,
            float[] y, int yAt) {
        int columns = matrix.matrix().columns();
        var row = new float[columns];
        var factors = new float[columns];
        for (int c = 0; c < columns; c++) {
            factors[c] = matrix.takesBytes() ? rounded.value(c) : x[xAt + c];
        }
        for (int r = fromGroup * Interleaved.ROWS; r < toGroup * Interleaved.ROWS; r++) {
            matrix.dequantise(r, row, 0);
            y[yAt + r - fromGroup * Interleaved.ROWS] = dot(row, 0, factors, 0, columns);
        }
    }

    @Override
    public boolean multipliesFour(WeightType type) {
        return type == WeightType.Q8_0;
    }

    @Override
    public void matVecs(Interleaved matrix, int fromGroup, int toGroup, float[] x, int vectors, float[] y, int yAt,
            int yStride) {
        int columns = matrix.matrix().columns();
        var row = new float[columns];
        for (int r = fromGroup * Interleaved.ROWS; r < toGroup * Interleaved.ROWS; r++) {
            matrix.dequantise(r, row, 0);
            for (int t = 0; t < vectors; t++) {
                y[yAt + t * yStride + r - fromGroup * Interleaved.ROWS] = dot(row, 0, x, t * columns, columns);
            }
        }
    }

    @Override
    public float dot(float[] a, int aAt, float[] b, int bAt, int count) {
        // Four sums: shorter chains and smaller rounding errors than one.
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            s0 += a[aAt + i] * b[bAt + i];
            s1 += a[aAt + i + 1] * b[bAt + i + 1];
            s2 += a[aAt + i + 2] * b[bAt + i + 2];
            s3 += a[aAt + i + 3] * b[bAt + i + 3];
        }
        for (; i < count; i++) {
            s0 += a[aAt + i] * b[bAt + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    public void dot4(float[] a, int aAt, float[] b, int bAt, int bStride, int count, float[] sums) {
        for (int t = 0; t < 4; t++) {
            sums[t] = dot(a, aAt, b, bAt + t * bStride, count);
        }
    }

    @Override
    public void widen(Interleaved matrix, int group, int fromColumn, int columns, MemorySegment panel) {
        var row = new float[matrix.matrix().columns()];
        for (int r = 0; r < Interleaved.ROWS; r++) {
            matrix.dequantise(group * Interleaved.ROWS + r, row, 0);
            for (int c = 0; c < columns; c++) {
                panel.setAtIndex(ValueLayout.JAVA_FLOAT, c * Interleaved.ROWS + r, row[fromColumn + c]);
            }
        }
    }

    @Override
    public void tile(MemorySegment panel, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        for (int t = 0; t < TILE_TOKENS; t++) {
            int to = sumsAt + t * Interleaved.ROWS;
            for (int c = 0; c < columns; c++) {
                float factor = x[xAt + c * TILE_TOKENS + t];
                for (int r = 0; r < Interleaved.ROWS; r++) {
                    sums[to + r] += panel.getAtIndex(ValueLayout.JAVA_FLOAT, c * Interleaved.ROWS + r) * factor;
                }
            }
        }
    }

    @Override
    public void scores(int rows, float[] q, int qAt, int qStride, int size, float[] keys, int keysAt, int pageTokens,
            int count, float[] scores, int at, int stride) {
        for (int row = 0; row < rows; row++) {
            int to = at + row * stride;
            Arrays.fill(scores, to, to + count, 0);
            for (int d = 0; d < size; d++) {
                float factor = q[qAt + row * qStride + d];
                int from = keysAt + d * pageTokens;
                for (int p = 0; p < count; p++) {
                    scores[to + p] += factor * keys[from + p];
                }
            }
        }
    }

    @Override
    public void mix(int rows, float[] weights, int at, int stride, int count, float[] values, int valuesAt, int size,
            float[] out, int outAt, int outStride) {
        for (int row = 0; row < rows; row++) {
            int to = outAt + row * outStride;
            for (int p = 0; p < count; p++) {
                float weight = weights[at + row * stride + p];
                int from = valuesAt + p * size;
                for (int d = 0; d < size; d++) {
                    out[to + d] += weight * values[from + d];
                }
            }
        }
    }

    @Override
    public void widenColumns(byte[] codes, int at, float[] scales, int scalesAt, int size, int pageTokens, int count,
            float[] out) {
        for (int d = 0; d < size; d++) {
            int scale = scalesAt + d / SHARE_A_SCALE * pageTokens;
            int from = d * pageTokens;
            for (int p = 0; p < count; p++) {
                out[from + p] = codes[at + from + p] * scales[scale + p];
            }
        }
    }

    @Override
    public void widenRows(byte[] codes, int at, float[] scales, int scalesAt, int count, int size, float[] out) {
        int blocks = Math.ceilDiv(size, SHARE_A_SCALE);
        for (int p = 0; p < count; p++) {
            for (int d = 0; d < size; d++) {
                out[p * size + d] = codes[at + p * size + d] * scales[scalesAt + p * blocks + d / SHARE_A_SCALE];
            }
        }
    }

    @Override
    public void softCap(float[] values, int at, int count, float cap) {
        for (int i = at; i < at + count; i++) {
            values[i] = cap * (float) Math.tanh(values[i] / cap);
        }
    }

    @Override
    public void softmax(float[] values, int at, int count) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + count; i++) {
            most = Math.max(most, values[i]);
        }
        double sum = 0;
        for (int i = at; i < at + count; i++) {
            values[i] = (float) Math.exp(values[i] - most);
            sum += values[i];
        }
        float factor = (float) (1 / sum);
        for (int i = at; i < at + count; i++) {
            values[i] *= factor;
        }
    }

    @Override
    public void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] out, int outAt) {
        double squares = 0;
        for (int i = 0; i < weight.length; i++) {
            squares += x[xAt + i] * x[xAt + i];
        }
        float factor = (float) (1 / Math.sqrt(squares / weight.length + epsilon));
        for (int i = 0; i < weight.length; i++) {
            out[outAt + i] = x[xAt + i] * factor * weight[i];
        }
    }

    @Override
    public void swiGlu(float[] gate, float[] up, int at, int count) {
        for (int i = at; i < at + count; i++) {
            gate[i] = gate[i] / (1 + (float) Math.exp(-gate[i])) * up[i];
        }
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            x[xAt + i] += y[yAt + i];
        }
    }
}
