package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import dev.pareto.engine.tensor.Interleaved;

/**
 * Thirty-two interleaved rows times a vector, a lane for each row: see {@link Interleaved} for the layouts. Codes of four to
 * six bits times bytes are summed in 16 bits, twice as many at once as floats, and their sums in floats. What codes are above
 * their values the sums of {@link Activations} take off; that a sum overflows on its way does not matter where its end fits.
 * <p>
 * Written for C2: shifts are those of ints, because those of shorts take their count from a register; few calls a method
 * and one load in the inner loop, because past the compiler's limit a vector becomes an object; a method for each format.
 * Where a CPU has shorter vectors, {@code part} names the lane of the word that they start at.
 */
final class VectorInterleaved {

    private static final VectorSpecies<Short> S = VectorSpecies.of(short.class, Lanes.F.vectorShape());
    private static final int WORD = Interleaved.WORD;
    private static final IntVector NIBBLES = IntVector.broadcast(Lanes.I, 0x000F000F);
    private static final IntVector BYTES = IntVector.broadcast(Lanes.I, 0x00FF00FF);
    private static final IntVector SIX_BITS = IntVector.broadcast(Lanes.I, 63);

    private VectorInterleaved() {}

    /** To {@code y[yAt + part]} on and, of the rows 16 further on, {@code y[yAt + part + 16]} on. */
    static void f16(MemorySegment data, long at, int part, float[] x, int xAt, int columns, float[] y, int yAt) {
        var low0 = FloatVector.zero(Lanes.F);
        var low1 = low0;
        var high0 = low0;
        var high1 = low0;
        long word = at + 4L * part;
        int k = xAt;
        for (; k < xAt + columns - 1; k += 2, word += 2 * WORD) {
            var w0 = Lanes.ints(data, word);
            var w1 = Lanes.ints(data, word + WORD);
            var x0 = FloatVector.broadcast(Lanes.F, x[k]);
            var x1 = FloatVector.broadcast(Lanes.F, x[k + 1]);
            low0 = Lanes.lowHalves(w0).fma(x0, low0);
            high0 = Lanes.highHalves(w0).fma(x0, high0);
            low1 = Lanes.lowHalves(w1).fma(x1, low1);
            high1 = Lanes.highHalves(w1).fma(x1, high1);
        }
        low0.add(low1).intoArray(y, yAt + part);
        high0.add(high1).intoArray(y, yAt + part + 16);
        if (k < xAt + columns) {
            addColumn(data, word, x[k], y, yAt + part);
        }
    }

    private static void addColumn(MemorySegment data, long at, float x, float[] y, int yAt) {
        var w = Lanes.ints(data, at);
        FloatVector.fromArray(Lanes.F, y, yAt).add(Lanes.lowHalves(w).mul(x)).intoArray(y, yAt);
        FloatVector.fromArray(Lanes.F, y, yAt + 16).add(Lanes.highHalves(w).mul(x)).intoArray(y, yAt + 16);
    }

    /** As {@link #f16}. */
    static void q80(MemorySegment data, long at, int part, float[] x, int xAt, int columns, float[] y, int yAt) {
        var lowRows = FloatVector.zero(Lanes.F);
        var highRows = lowRows;
        long block = at;
        for (int i = xAt; i < xAt + columns; i += 32, block += Interleaved.Q8_0_BLOCK) {
            var s0 = FloatVector.zero(Lanes.F);
            var s1 = s0;
            var s2 = s0;
            var s3 = s0;
            long column = block + WORD + part;
            for (int k = i; k < i + 32; k += 2, column += 2 * Interleaved.ROWS) {
                var x0 = FloatVector.broadcast(Lanes.F, x[k]);
                var x1 = FloatVector.broadcast(Lanes.F, x[k + 1]);
                s0 = Lanes.bytes(data, column).fma(x0, s0);
                s1 = Lanes.bytes(data, column + 16).fma(x0, s1);
                s2 = Lanes.bytes(data, column + 32).fma(x1, s2);
                s3 = Lanes.bytes(data, column + 48).fma(x1, s3);
            }
            var scales = Lanes.ints(data, block + 4L * part);
            lowRows = s0.add(s2).fma(Lanes.lowHalves(scales), lowRows);
            highRows = s1.add(s3).fma(Lanes.highHalves(scales), highRows);
        }
        lowRows.intoArray(y, yAt + part);
        highRows.intoArray(y, yAt + part + 16);
    }

    /**
     * As {@link #f16}, of four vectors that lie {@code columns} apart and whose products lie {@code yStride} apart.
     *
     * @param last which vector is the fourth: 3, or 2 where there are three, which is then multiplied twice
     */
    static void q80(MemorySegment data, long at, int part, float[] x, int columns, int last, float[] y, int yAt,
            int yStride) {
        var a0 = FloatVector.zero(Lanes.F);
        var a1 = a0;
        var a2 = a0;
        var a3 = a0;
        var b0 = a0;
        var b1 = a0;
        var b2 = a0;
        var b3 = a0;
        long block = at;
        for (int i = 0; i < columns; i += 32, block += Interleaved.Q8_0_BLOCK) {
            var scales = Lanes.ints(data, block + 4L * part);
            var low = Lanes.lowHalves(scales);
            var high = Lanes.highHalves(scales);
            long column = block + WORD + part;
            for (int k = i; k < i + 32; k++, column += Interleaved.ROWS) {
                var w0 = Lanes.bytes(data, column).mul(low);
                var w1 = Lanes.bytes(data, column + 16).mul(high);
                var x0 = FloatVector.broadcast(Lanes.F, x[k]);
                a0 = w0.fma(x0, a0);
                b0 = w1.fma(x0, b0);
                var x1 = FloatVector.broadcast(Lanes.F, x[k + columns]);
                a1 = w0.fma(x1, a1);
                b1 = w1.fma(x1, b1);
                var x2 = FloatVector.broadcast(Lanes.F, x[k + 2 * columns]);
                a2 = w0.fma(x2, a2);
                b2 = w1.fma(x2, b2);
                var x3 = FloatVector.broadcast(Lanes.F, x[k + last * columns]);
                a3 = w0.fma(x3, a3);
                b3 = w1.fma(x3, b3);
            }
        }
        int to = yAt + part;
        a0.intoArray(y, to);
        b0.intoArray(y, to + 16);
        a1.intoArray(y, to + yStride);
        b1.intoArray(y, to + yStride + 16);
        a2.intoArray(y, to + 2 * yStride);
        b2.intoArray(y, to + 2 * yStride + 16);
        a3.intoArray(y, to + last * yStride);
        b3.intoArray(y, to + last * yStride + 16);
    }

    /** As {@link #f16}. */
    static void q40(MemorySegment data, long at, int part, Activations x, int columns, float[] y, int yAt) {
        var pairs = x.pairs;
        var lowRows = FloatVector.zero(Lanes.F);
        var highRows = lowRows;
        long block = at + 4L * part;
        for (int i = 0; i < columns; i += 32, block += Interleaved.Q4_0_BLOCK) {
            var even = ShortVector.broadcast(S, (short) (-8 * x.blockSums[i >> 5]));
            var odd = ShortVector.zero(S);
            long nibbles = block + WORD;
            for (int k = i; k < i + 32; k += 4, nibbles += WORD) {
                var w = Lanes.ints(data, nibbles);
                even = shorts(w.and(NIBBLES)).mul(pair(pairs[k])).add(even);
                odd = shorts(w.lanewise(VectorOperators.LSHR, 4).and(NIBBLES)).mul(pair(pairs[k + 1])).add(odd);
                even = shorts(w.lanewise(VectorOperators.LSHR, 8).and(NIBBLES)).mul(pair(pairs[k + 2])).add(even);
                odd = shorts(w.lanewise(VectorOperators.LSHR, 12).and(NIBBLES)).mul(pair(pairs[k + 3])).add(odd);
            }
            var sum = even.add(odd).reinterpretAsInts();
            var scales = Lanes.ints(data, block);
            var scale = FloatVector.broadcast(Lanes.F, x.scales[i >> 5]);
            lowRows = Lanes.floats(low(sum)).fma(Lanes.lowHalves(scales).mul(scale), lowRows);
            highRows = Lanes.floats(high(sum)).fma(Lanes.highHalves(scales).mul(scale), highRows);
        }
        lowRows.intoArray(y, yAt + part);
        highRows.intoArray(y, yAt + part + 16);
    }

    /**
     * What 256 columns have in common: to {@code minima} that which is to be multiplied with their scales and taken off, to
     * {@code sums} what {@link #q4k} starts from, because its nibbles are 8 too low.
     */
    static void q4kStart(MemorySegment data, long at, int part, Activations x, int from, float[] minima, float[] sums) {
        var lowMinima = FloatVector.zero(Lanes.F);
        var highMinima = lowMinima;
        var lowRows = lowMinima;
        var highRows = lowMinima;
        long word = at + 2 * WORD + 4L * part;
        for (int i = from; i < from + 256; i += 32, word += WORD) {
            var both = Lanes.ints(data, word);
            var sum = FloatVector.broadcast(Lanes.F, x.scales[i >> 5] * x.blockSums[i >> 5]);
            lowRows = Lanes.floats(both.and(SIX_BITS)).fma(sum, lowRows);
            lowMinima = Lanes.floats(both.lanewise(VectorOperators.LSHR, 8).and(SIX_BITS)).fma(sum, lowMinima);
            highRows = Lanes.floats(both.lanewise(VectorOperators.LSHR, 16).and(SIX_BITS)).fma(sum, highRows);
            highMinima = Lanes.floats(both.lanewise(VectorOperators.LSHR, 24)).fma(sum, highMinima);
        }
        lowRows.mul(8).intoArray(sums, part);
        highRows.mul(8).intoArray(sums, part + 16);
        lowMinima.intoArray(minima, part);
        highMinima.intoArray(minima, part + 16);
    }

    /** The rest of 256 columns, added to {@code sums}, which are to be multiplied with the scales. */
    static void q4k(MemorySegment data, long at, int part, Activations x, int from, float[] sums) {
        var pairs = x.pairs;
        var lowRows = FloatVector.fromArray(Lanes.F, sums, part);
        var highRows = FloatVector.fromArray(Lanes.F, sums, part + 16);
        long scales = at + 2 * WORD + 4L * part;
        long nibbles = at + Interleaved.Q4_K_HEAD + 4L * part;
        for (int i = from; i < from + 256; i += 32, scales += WORD) {
            var even = ShortVector.broadcast(S, (short) (-8 * x.blockSums[i >> 5]));
            var odd = ShortVector.zero(S);
            for (int k = i; k < i + 32; k += 4, nibbles += WORD) {
                var w = Lanes.ints(data, nibbles);
                even = shorts(w.and(NIBBLES)).mul(pair(pairs[k])).add(even);
                odd = shorts(w.lanewise(VectorOperators.LSHR, 4).and(NIBBLES)).mul(pair(pairs[k + 1])).add(odd);
                even = shorts(w.lanewise(VectorOperators.LSHR, 8).and(NIBBLES)).mul(pair(pairs[k + 2])).add(even);
                odd = shorts(w.lanewise(VectorOperators.LSHR, 12).and(NIBBLES)).mul(pair(pairs[k + 3])).add(odd);
            }
            var sum = even.add(odd).reinterpretAsInts();
            var both = Lanes.ints(data, scales);
            var scale = FloatVector.broadcast(Lanes.F, x.scales[i >> 5]);
            lowRows = Lanes.floats(low(sum).mul(both.and(SIX_BITS))).fma(scale, lowRows);
            highRows = Lanes.floats(high(sum).mul(both.lanewise(VectorOperators.LSHR, 16).and(SIX_BITS)))
                    .fma(scale,
                            highRows);
        }
        lowRows.intoArray(sums, part);
        highRows.intoArray(sums, part + 16);
    }

    /** 256 columns, to be multiplied with the scales. */
    static void q6k(MemorySegment data, long at, int part, Activations x, int from, float[] sums) {
        var pairs = x.pairs;
        var lowRows = FloatVector.zero(Lanes.F);
        var highRows = lowRows;
        long scales = at + WORD + 4L * part;
        for (int i = from; i < from + 256; i += 16) {
            var first = ShortVector.broadcast(S, (short) (-32 * x.sums[i >> 3]));
            var second = ShortVector.broadcast(S, (short) (-32 * x.sums[(i >> 3) + 1]));
            long word = scales + (long) Interleaved.Q6_K_PART * ((i - from) >> 5);
            long columns = word + (1L + ((i & 16) >> 1)) * WORD;
            for (int k = i; k < i + 8; k++, columns += WORD) {
                var w = Lanes.ints(data, columns);
                first = shorts(w.and(BYTES)).mul(pair(pairs[k])).add(first);
                second = shorts(w.lanewise(VectorOperators.LSHR, 8).and(BYTES)).mul(pair(pairs[k + 8])).add(second);
            }
            // The scales of this half come to the top: that of the high row above that of the low one.
            var both = Lanes.ints(data, word)
                    .lanewise(VectorOperators.LSHL,
                            16 - (i & 16));
            var scale = FloatVector.broadcast(Lanes.F, x.scales[i >> 5]);
            var a = first.reinterpretAsInts();
            var b = second.reinterpretAsInts();
            lowRows = Lanes.floats(low(a).add(low(b))
                    .mul(
                            both.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 24)))
                    .fma(scale, lowRows);
            highRows = Lanes.floats(high(a).add(high(b)).mul(both.lanewise(VectorOperators.ASHR, 24)))
                    .fma(scale, highRows);
        }
        lowRows.intoArray(sums, part);
        highRows.intoArray(sums, part + 16);
    }

    /** Adds sums, each times its row's half, and with its sign changed where {@code sign} is -1. */
    static void addScaled(MemorySegment data, long halves, int part, float[] sums, float sign, float[] y, int yAt) {
        var scales = Lanes.ints(data, halves + 4L * part);
        Lanes.lowHalves(scales)
                .mul(sign)
                .fma(FloatVector.fromArray(Lanes.F, sums, part), FloatVector.fromArray(Lanes.F, y, yAt + part))
                .intoArray(y, yAt + part);
        Lanes.highHalves(scales)
                .mul(sign)
                .fma(FloatVector.fromArray(Lanes.F, sums, part + 16),
                        FloatVector.fromArray(Lanes.F, y, yAt + part + 16))
                .intoArray(y, yAt + part + 16);
    }

    private static ShortVector shorts(IntVector ints) {
        return ints.reinterpretAsShorts();
    }

    private static ShortVector pair(int both) {
        return IntVector.broadcast(Lanes.I, both).reinterpretAsShorts();
    }

    private static IntVector low(IntVector sums) {
        return sums.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
    }

    private static IntVector high(IntVector sums) {
        return sums.lanewise(VectorOperators.ASHR, 16);
    }
}
