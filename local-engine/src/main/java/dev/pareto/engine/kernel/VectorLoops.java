package dev.pareto.engine.kernel;

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

    /** Twelve sums in registers: two vectors of tokens by six rows, one broadcast weight each. */
    static void tile2(float[] w, int wAt, int wStride, float[] x, int xAt, int xTile, int count, float[] y, int yAt,
            int yStride) {
        int y1 = yAt + yStride;
        int y2 = y1 + yStride;
        int y3 = y2 + yStride;
        int y4 = y3 + yStride;
        int y5 = y4 + yStride;
        var a0 = load(y, yAt);
        var b0 = load(y, yAt + L);
        var a1 = load(y, y1);
        var b1 = load(y, y1 + L);
        var a2 = load(y, y2);
        var b2 = load(y, y2 + L);
        var a3 = load(y, y3);
        var b3 = load(y, y3 + L);
        var a4 = load(y, y4);
        var b4 = load(y, y4 + L);
        var a5 = load(y, y5);
        var b5 = load(y, y5 + L);
        for (int k = 0; k < count; k++) {
            var xa = load(x, xAt + k * L);
            var xb = load(x, xAt + xTile + k * L);
            int at = wAt + k;
            var w0 = FloatVector.broadcast(Lanes.F, w[at]);
            a0 = w0.fma(xa, a0);
            b0 = w0.fma(xb, b0);
            var w1 = FloatVector.broadcast(Lanes.F, w[at + wStride]);
            a1 = w1.fma(xa, a1);
            b1 = w1.fma(xb, b1);
            var w2 = FloatVector.broadcast(Lanes.F, w[at + 2 * wStride]);
            a2 = w2.fma(xa, a2);
            b2 = w2.fma(xb, b2);
            var w3 = FloatVector.broadcast(Lanes.F, w[at + 3 * wStride]);
            a3 = w3.fma(xa, a3);
            b3 = w3.fma(xb, b3);
            var w4 = FloatVector.broadcast(Lanes.F, w[at + 4 * wStride]);
            a4 = w4.fma(xa, a4);
            b4 = w4.fma(xb, b4);
            var w5 = FloatVector.broadcast(Lanes.F, w[at + 5 * wStride]);
            a5 = w5.fma(xa, a5);
            b5 = w5.fma(xb, b5);
        }
        a0.intoArray(y, yAt);
        b0.intoArray(y, yAt + L);
        a1.intoArray(y, y1);
        b1.intoArray(y, y1 + L);
        a2.intoArray(y, y2);
        b2.intoArray(y, y2 + L);
        a3.intoArray(y, y3);
        b3.intoArray(y, y3 + L);
        a4.intoArray(y, y4);
        b4.intoArray(y, y4 + L);
        a5.intoArray(y, y5);
        b5.intoArray(y, y5 + L);
    }

    static void tile1(float[] w, int wAt, int wStride, float[] x, int xAt, int count, float[] y, int yAt,
            int yStride) {
        int y1 = yAt + yStride;
        int y2 = y1 + yStride;
        int y3 = y2 + yStride;
        int y4 = y3 + yStride;
        int y5 = y4 + yStride;
        var a0 = load(y, yAt);
        var a1 = load(y, y1);
        var a2 = load(y, y2);
        var a3 = load(y, y3);
        var a4 = load(y, y4);
        var a5 = load(y, y5);
        for (int k = 0; k < count; k++) {
            var xa = load(x, xAt + k * L);
            int at = wAt + k;
            a0 = FloatVector.broadcast(Lanes.F, w[at]).fma(xa, a0);
            a1 = FloatVector.broadcast(Lanes.F, w[at + wStride]).fma(xa, a1);
            a2 = FloatVector.broadcast(Lanes.F, w[at + 2 * wStride]).fma(xa, a2);
            a3 = FloatVector.broadcast(Lanes.F, w[at + 3 * wStride]).fma(xa, a3);
            a4 = FloatVector.broadcast(Lanes.F, w[at + 4 * wStride]).fma(xa, a4);
            a5 = FloatVector.broadcast(Lanes.F, w[at + 5 * wStride]).fma(xa, a5);
        }
        a0.intoArray(y, yAt);
        a1.intoArray(y, y1);
        a2.intoArray(y, y2);
        a3.intoArray(y, y3);
        a4.intoArray(y, y4);
        a5.intoArray(y, y5);
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
