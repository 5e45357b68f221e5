package dev.pareto.engine.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/**
 * The loops of attention over a page. Two rows at once share what they load of it and make eight chains of sums: four
 * would wait for each other, because a multiply-add takes four cycles and two of them begin in each.
 */
final class VectorAttention {

    private static final int L = Lanes.L;
    private static final int BLOCK = Kernels.SHARE_A_SCALE;

    private VectorAttention() {}

    /** Lane = position: no sum across lanes is ever needed. */
    static void scores1(float[] q, int qAt, int size, float[] keys, int keysAt, int pageTokens, int count,
            float[] scores, int at) {
        int all = roundedUp(count);
        int p = 0;
        for (; p <= all - 4 * L; p += 4 * L) {
            var s0 = FloatVector.zero(Lanes.F);
            var s1 = s0;
            var s2 = s0;
            var s3 = s0;
            for (int d = 0; d < size; d++) {
                var factor = FloatVector.broadcast(Lanes.F, q[qAt + d]);
                int from = keysAt + d * pageTokens + p;
                s0 = load(keys, from).fma(factor, s0);
                s1 = load(keys, from + L).fma(factor, s1);
                s2 = load(keys, from + 2 * L).fma(factor, s2);
                s3 = load(keys, from + 3 * L).fma(factor, s3);
            }
            s0.intoArray(scores, at + p);
            s1.intoArray(scores, at + p + L);
            s2.intoArray(scores, at + p + 2 * L);
            s3.intoArray(scores, at + p + 3 * L);
        }
        for (; p < all; p += L) {
            var s = FloatVector.zero(Lanes.F);
            for (int d = 0; d < size; d++) {
                s = load(keys, keysAt + d * pageTokens + p).fma(FloatVector.broadcast(Lanes.F, q[qAt + d]), s);
            }
            s.intoArray(scores, at + p);
        }
    }

    static void scores2(float[] q, int qAt, int qStride, int size, float[] keys, int keysAt, int pageTokens, int count,
            float[] scores, int at, int stride) {
        int all = roundedUp(count);
        int q2 = qAt + qStride;
        int p = 0;
        for (; p <= all - 4 * L; p += 4 * L) {
            var a0 = FloatVector.zero(Lanes.F);
            var a1 = a0;
            var a2 = a0;
            var a3 = a0;
            var b0 = a0;
            var b1 = a0;
            var b2 = a0;
            var b3 = a0;
            for (int d = 0; d < size; d++) {
                var fa = FloatVector.broadcast(Lanes.F, q[qAt + d]);
                var fb = FloatVector.broadcast(Lanes.F, q[q2 + d]);
                int from = keysAt + d * pageTokens + p;
                var k0 = load(keys, from);
                a0 = k0.fma(fa, a0);
                b0 = k0.fma(fb, b0);
                var k1 = load(keys, from + L);
                a1 = k1.fma(fa, a1);
                b1 = k1.fma(fb, b1);
                var k2 = load(keys, from + 2 * L);
                a2 = k2.fma(fa, a2);
                b2 = k2.fma(fb, b2);
                var k3 = load(keys, from + 3 * L);
                a3 = k3.fma(fa, a3);
                b3 = k3.fma(fb, b3);
            }
            int to = at + p;
            a0.intoArray(scores, to);
            a1.intoArray(scores, to + L);
            a2.intoArray(scores, to + 2 * L);
            a3.intoArray(scores, to + 3 * L);
            to += stride;
            b0.intoArray(scores, to);
            b1.intoArray(scores, to + L);
            b2.intoArray(scores, to + 2 * L);
            b3.intoArray(scores, to + 3 * L);
        }
        for (; p < all; p += L) {
            var a = FloatVector.zero(Lanes.F);
            var b = a;
            for (int d = 0; d < size; d++) {
                var k = load(keys, keysAt + d * pageTokens + p);
                a = k.fma(FloatVector.broadcast(Lanes.F, q[qAt + d]), a);
                b = k.fma(FloatVector.broadcast(Lanes.F, q[q2 + d]), b);
            }
            a.intoArray(scores, at + p);
            b.intoArray(scores, at + stride + p);
        }
    }

    /** Lane = dimension. */
    static void mix1(float[] weights, int at, int count, float[] values, int valuesAt, int size, float[] out,
            int outAt) {
        int d = 0;
        for (; d <= size - 4 * L; d += 4 * L) {
            int to = outAt + d;
            var s0 = load(out, to);
            var s1 = load(out, to + L);
            var s2 = load(out, to + 2 * L);
            var s3 = load(out, to + 3 * L);
            for (int p = 0; p < count; p++) {
                var weight = FloatVector.broadcast(Lanes.F, weights[at + p]);
                int from = valuesAt + p * size + d;
                s0 = load(values, from).fma(weight, s0);
                s1 = load(values, from + L).fma(weight, s1);
                s2 = load(values, from + 2 * L).fma(weight, s2);
                s3 = load(values, from + 3 * L).fma(weight, s3);
            }
            s0.intoArray(out, to);
            s1.intoArray(out, to + L);
            s2.intoArray(out, to + 2 * L);
            s3.intoArray(out, to + 3 * L);
        }
        for (; d <= size - L; d += L) {
            var s = load(out, outAt + d);
            for (int p = 0; p < count; p++) {
                s = load(values, valuesAt + p * size + d).fma(FloatVector.broadcast(Lanes.F, weights[at + p]), s);
            }
            s.intoArray(out, outAt + d);
        }
        rest(weights, at, count, values, valuesAt, size, d, out, outAt);
    }

    static void mix2(float[] weights, int at, int stride, int count, float[] values, int valuesAt, int size,
            float[] out, int outAt, int outStride) {
        int at2 = at + stride;
        int d = 0;
        for (; d <= size - 4 * L; d += 4 * L) {
            int toA = outAt + d;
            int toB = toA + outStride;
            var a0 = load(out, toA);
            var a1 = load(out, toA + L);
            var a2 = load(out, toA + 2 * L);
            var a3 = load(out, toA + 3 * L);
            var b0 = load(out, toB);
            var b1 = load(out, toB + L);
            var b2 = load(out, toB + 2 * L);
            var b3 = load(out, toB + 3 * L);
            for (int p = 0; p < count; p++) {
                var wa = FloatVector.broadcast(Lanes.F, weights[at + p]);
                var wb = FloatVector.broadcast(Lanes.F, weights[at2 + p]);
                int from = valuesAt + p * size + d;
                var v0 = load(values, from);
                a0 = v0.fma(wa, a0);
                b0 = v0.fma(wb, b0);
                var v1 = load(values, from + L);
                a1 = v1.fma(wa, a1);
                b1 = v1.fma(wb, b1);
                var v2 = load(values, from + 2 * L);
                a2 = v2.fma(wa, a2);
                b2 = v2.fma(wb, b2);
                var v3 = load(values, from + 3 * L);
                a3 = v3.fma(wa, a3);
                b3 = v3.fma(wb, b3);
            }
            a0.intoArray(out, toA);
            a1.intoArray(out, toA + L);
            a2.intoArray(out, toA + 2 * L);
            a3.intoArray(out, toA + 3 * L);
            b0.intoArray(out, toB);
            b1.intoArray(out, toB + L);
            b2.intoArray(out, toB + 2 * L);
            b3.intoArray(out, toB + 3 * L);
        }
        for (; d <= size - L; d += L) {
            var a = load(out, outAt + d);
            var b = load(out, outAt + outStride + d);
            for (int p = 0; p < count; p++) {
                var v = load(values, valuesAt + p * size + d);
                a = v.fma(FloatVector.broadcast(Lanes.F, weights[at + p]), a);
                b = v.fma(FloatVector.broadcast(Lanes.F, weights[at2 + p]), b);
            }
            a.intoArray(out, outAt + d);
            b.intoArray(out, outAt + outStride + d);
        }
        rest(weights, at, count, values, valuesAt, size, d, out, outAt);
        rest(weights, at2, count, values, valuesAt, size, d, out, outAt + outStride);
    }

    /** The dimensions that fill no vector. */
    private static void rest(float[] weights, int at, int count, float[] values, int valuesAt, int size, int from,
            float[] out, int outAt) {
        for (int d = from; d < size; d++) {
            float s = out[outAt + d];
            for (int p = 0; p < count; p++) {
                s += weights[at + p] * values[valuesAt + p * size + d];
            }
            out[outAt + d] = s;
        }
    }

    /** One vector of positions after the other, so that its scales stay in a register for a block of dimensions. */
    static void widenColumns(byte[] codes, int at, float[] scales, int scalesAt, int size, int pageTokens, int count,
            float[] out) {
        int all = roundedUp(count);
        int scale = scalesAt;
        for (int from = 0; from < size; from += BLOCK, scale += pageTokens) {
            int end = Math.min(size, from + BLOCK) * pageTokens;
            for (int p = 0; p < all; p += Lanes.BYTES) {
                var first = load(scales, scale + p);
                var second = Lanes.TWO_PARTS ? load(scales, scale + p + L) : first;
                for (int i = from * pageTokens + p; i < end; i += pageTokens) {
                    var bytes = ByteVector.fromArray(Lanes.B, codes, at + i);
                    Lanes.signed(bytes, 0).mul(first).intoArray(out, i);
                    if (Lanes.TWO_PARTS) {
                        Lanes.signed(bytes, 1).mul(second).intoArray(out, i + L);
                    }
                }
            }
        }
    }

    static void widenRows(byte[] codes, int at, float[] scales, int scalesAt, int count, int size, float[] out) {
        int scale = scalesAt;
        for (int row = 0; row < count * size; row += size) {
            for (int from = row; from < row + size; from += BLOCK, scale++) {
                int end = Math.min(row + size, from + BLOCK);
                var factor = FloatVector.broadcast(Lanes.F, scales[scale]);
                int i = from;
                for (; i <= end - Lanes.BYTES; i += Lanes.BYTES) {
                    var bytes = ByteVector.fromArray(Lanes.B, codes, at + i);
                    Lanes.signed(bytes, 0).mul(factor).intoArray(out, i);
                    if (Lanes.TWO_PARTS) {
                        Lanes.signed(bytes, 1).mul(factor).intoArray(out, i + L);
                    }
                }
                for (; i < end; i++) {
                    out[i] = codes[at + i] * scales[scale];
                }
            }
        }
    }

    static void softCap(float[] values, int at, int count, float cap) {
        int end = at + count;
        int i = at;
        for (; i <= end - L; i += L) {
            Lanes.tanh(load(values, i).div(cap)).mul(cap).intoArray(values, i);
        }
        for (; i < end; i++) {
            values[i] = cap * (float) Math.tanh(values[i] / cap);
        }
    }

    private static int roundedUp(int count) {
        return (count + 15) & -16;
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(Lanes.F, values, at);
    }
}
