package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The loops over floats: products, the tile of the matrix product, softmax, norms and activations. */
final class VectorLoops {

    private static final int L = Lanes.L;

    private VectorLoops() {}

    static float dot(float[] a, int aAt, float[] b, int bAt, int count) {
        var s0 = FloatVector.zero(Lanes.F);
        var s1 = s0;
        var s2 = s0;
        var s3 = s0;
        int i = 0;
        for (; i <= count - 4 * L; i += 4 * L) {
            s0 = load(a, aAt + i).fma(load(b, bAt + i), s0);
            s1 = load(a, aAt + i + L).fma(load(b, bAt + i + L), s1);
            s2 = load(a, aAt + i + 2 * L).fma(load(b, bAt + i + 2 * L), s2);
            s3 = load(a, aAt + i + 3 * L).fma(load(b, bAt + i + 3 * L), s3);
        }
        for (; i <= count - L; i += L) {
            s0 = load(a, aAt + i).fma(load(b, bAt + i), s0);
        }
        float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sum += a[aAt + i] * b[bAt + i];
        }
        return sum;
    }

    static void dot4(float[] a, int aAt, float[] b, int bAt, int bStride, int count, float[] sums) {
        int b1 = bAt + bStride;
        int b2 = b1 + bStride;
        int b3 = b2 + bStride;
        var s0 = FloatVector.zero(Lanes.F);
        var s1 = s0;
        var s2 = s0;
        var s3 = s0;
        int i = 0;
        for (; i <= count - L; i += L) {
            var shared = load(a, aAt + i);
            s0 = shared.fma(load(b, bAt + i), s0);
            s1 = shared.fma(load(b, b1 + i), s1);
            s2 = shared.fma(load(b, b2 + i), s2);
            s3 = shared.fma(load(b, b3 + i), s3);
        }
        sums[0] = s0.reduceLanes(VectorOperators.ADD);
        sums[1] = s1.reduceLanes(VectorOperators.ADD);
        sums[2] = s2.reduceLanes(VectorOperators.ADD);
        sums[3] = s3.reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sums[0] += a[aAt + i] * b[bAt + i];
            sums[1] += a[aAt + i] * b[b1 + i];
            sums[2] += a[aAt + i] * b[b2 + i];
            sums[3] += a[aAt + i] * b[b3 + i];
        }
    }

    /** Sixteen sums in registers: eight tokens by two vectors of rows, one broadcast element each. */
    static void tile2(MemorySegment panel, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        var a0 = load(sums, sumsAt);
        var b0 = load(sums, sumsAt + L);
        var a1 = load(sums, sumsAt + 32);
        var b1 = load(sums, sumsAt + 32 + L);
        var a2 = load(sums, sumsAt + 64);
        var b2 = load(sums, sumsAt + 64 + L);
        var a3 = load(sums, sumsAt + 96);
        var b3 = load(sums, sumsAt + 96 + L);
        var a4 = load(sums, sumsAt + 128);
        var b4 = load(sums, sumsAt + 128 + L);
        var a5 = load(sums, sumsAt + 160);
        var b5 = load(sums, sumsAt + 160 + L);
        var a6 = load(sums, sumsAt + 192);
        var b6 = load(sums, sumsAt + 192 + L);
        var a7 = load(sums, sumsAt + 224);
        var b7 = load(sums, sumsAt + 224 + L);
        int from = xAt;
        for (int at = 0; at < 128 * columns; at += 128, from += 8) {
            var w0 = Lanes.floats(panel, at);
            var w1 = Lanes.floats(panel, at + 64);
            var x0 = FloatVector.broadcast(Lanes.F, x[from]);
            a0 = w0.fma(x0, a0);
            b0 = w1.fma(x0, b0);
            var x1 = FloatVector.broadcast(Lanes.F, x[from + 1]);
            a1 = w0.fma(x1, a1);
            b1 = w1.fma(x1, b1);
            var x2 = FloatVector.broadcast(Lanes.F, x[from + 2]);
            a2 = w0.fma(x2, a2);
            b2 = w1.fma(x2, b2);
            var x3 = FloatVector.broadcast(Lanes.F, x[from + 3]);
            a3 = w0.fma(x3, a3);
            b3 = w1.fma(x3, b3);
            var x4 = FloatVector.broadcast(Lanes.F, x[from + 4]);
            a4 = w0.fma(x4, a4);
            b4 = w1.fma(x4, b4);
            var x5 = FloatVector.broadcast(Lanes.F, x[from + 5]);
            a5 = w0.fma(x5, a5);
            b5 = w1.fma(x5, b5);
            var x6 = FloatVector.broadcast(Lanes.F, x[from + 6]);
            a6 = w0.fma(x6, a6);
            b6 = w1.fma(x6, b6);
            var x7 = FloatVector.broadcast(Lanes.F, x[from + 7]);
            a7 = w0.fma(x7, a7);
            b7 = w1.fma(x7, b7);
        }
        a0.intoArray(sums, sumsAt);
        b0.intoArray(sums, sumsAt + L);
        a1.intoArray(sums, sumsAt + 32);
        b1.intoArray(sums, sumsAt + 32 + L);
        a2.intoArray(sums, sumsAt + 64);
        b2.intoArray(sums, sumsAt + 64 + L);
        a3.intoArray(sums, sumsAt + 96);
        b3.intoArray(sums, sumsAt + 96 + L);
        a4.intoArray(sums, sumsAt + 128);
        b4.intoArray(sums, sumsAt + 128 + L);
        a5.intoArray(sums, sumsAt + 160);
        b5.intoArray(sums, sumsAt + 160 + L);
        a6.intoArray(sums, sumsAt + 192);
        b6.intoArray(sums, sumsAt + 192 + L);
        a7.intoArray(sums, sumsAt + 224);
        b7.intoArray(sums, sumsAt + 224 + L);
    }

    /** Eight sums, for CPUs whose registers are fewer and shorter. */
    static void tile1(MemorySegment panel, long panelAt, int columns, float[] x, int xAt, float[] sums, int sumsAt) {
        var a0 = load(sums, sumsAt);
        var a1 = load(sums, sumsAt + 32);
        var a2 = load(sums, sumsAt + 64);
        var a3 = load(sums, sumsAt + 96);
        var a4 = load(sums, sumsAt + 128);
        var a5 = load(sums, sumsAt + 160);
        var a6 = load(sums, sumsAt + 192);
        var a7 = load(sums, sumsAt + 224);
        int from = xAt;
        long at = panelAt;
        for (int k = 0; k < columns; k++, from += 8, at += 128) {
            var w0 = Lanes.floats(panel, at);
            var x0 = FloatVector.broadcast(Lanes.F, x[from]);
            a0 = w0.fma(x0, a0);
            var x1 = FloatVector.broadcast(Lanes.F, x[from + 1]);
            a1 = w0.fma(x1, a1);
            var x2 = FloatVector.broadcast(Lanes.F, x[from + 2]);
            a2 = w0.fma(x2, a2);
            var x3 = FloatVector.broadcast(Lanes.F, x[from + 3]);
            a3 = w0.fma(x3, a3);
            var x4 = FloatVector.broadcast(Lanes.F, x[from + 4]);
            a4 = w0.fma(x4, a4);
            var x5 = FloatVector.broadcast(Lanes.F, x[from + 5]);
            a5 = w0.fma(x5, a5);
            var x6 = FloatVector.broadcast(Lanes.F, x[from + 6]);
            a6 = w0.fma(x6, a6);
            var x7 = FloatVector.broadcast(Lanes.F, x[from + 7]);
            a7 = w0.fma(x7, a7);
        }
        a0.intoArray(sums, sumsAt);
        a1.intoArray(sums, sumsAt + 32);
        a2.intoArray(sums, sumsAt + 64);
        a3.intoArray(sums, sumsAt + 96);
        a4.intoArray(sums, sumsAt + 128);
        a5.intoArray(sums, sumsAt + 160);
        a6.intoArray(sums, sumsAt + 192);
        a7.intoArray(sums, sumsAt + 224);
    }

    static void softmax(float[] values, int at, int count) {
        int end = at + count;
        var most = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
        int i = at;
        for (; i <= end - L; i += L) {
            most = most.max(load(values, i));
        }
        float max = most.reduceLanes(VectorOperators.MAX);
        for (; i < end; i++) {
            max = Math.max(max, values[i]);
        }
        var sums = FloatVector.zero(Lanes.F);
        for (i = at; i <= end - L; i += L) {
            var e = Lanes.exp(load(values, i).sub(max));
            e.intoArray(values, i);
            sums = sums.add(e);
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < end; i++) {
            values[i] = (float) Math.exp(values[i] - max);
            sum += values[i];
        }
        float factor = 1 / sum;
        for (i = at; i <= end - L; i += L) {
            load(values, i).mul(factor).intoArray(values, i);
        }
        for (; i < end; i++) {
            values[i] *= factor;
        }
    }

    static void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] out, int outAt) {
        int count = weight.length;
        float factor = (float) (1 / Math.sqrt(dot(x, xAt, x, xAt, count) / (double) count + epsilon));
        int i = 0;
        for (; i <= count - L; i += L) {
            load(x, xAt + i).mul(factor).mul(load(weight, i)).intoArray(out, outAt + i);
        }
        for (; i < count; i++) {
            out[outAt + i] = x[xAt + i] * factor * weight[i];
        }
    }

    static void swiGlu(float[] gate, float[] up, int at, int count) {
        int end = at + count;
        int i = at;
        for (; i <= end - L; i += L) {
            var g = load(gate, i);
            g.div(Lanes.exp(g.neg()).add(1f)).mul(load(up, i)).intoArray(gate, i);
        }
        for (; i < end; i++) {
            gate[i] = gate[i] / (1 + (float) Math.exp(-gate[i])) * up[i];
        }
    }

    static void add(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - L; i += L) {
            load(x, xAt + i).add(load(y, yAt + i)).intoArray(x, xAt + i);
        }
        for (; i < count; i++) {
            x[xAt + i] += y[yAt + i];
        }
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(Lanes.F, values, at);
    }
}
