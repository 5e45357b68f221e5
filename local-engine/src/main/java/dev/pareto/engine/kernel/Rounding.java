package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.machine.RoundedTile;

/** Rounds a vector to the bytes of a {@link RoundedTile}: half of the runs' largest elements' 127th is the largest error. */
final class Rounding {

    private static final int HALF = 16;
    /** Below it a scale's inverse is no float; what is so small is worth nothing beside anything else. */
    private static final float LEAST = 0x1p-100f;
    /** Added to a float below 2^22 it leaves the nearest whole number, ties to even, in the lower bits. */
    private static final float WHOLE = 0x1.8p23f;

    private Rounding() {}

    /**
     * Rounds a vector.
     *
     * @param columns a multiple of 32
     * @param tile of which the vector becomes number {@code token}, and which starts at byte {@code at}
     */
    static void round(float[] x, int xAt, int columns, MemorySegment to, long at, RoundedTile tile, int token) {
        long run = at;
        for (int i = xAt; i < xAt + columns; i += RoundedTile.RUN, run += tile.runBytes()) {
            if (Lanes.L == HALF) {
                vectors(x, i, to, run, tile, token);
            } else {
                plain(x, i, to, run, tile, token);
            }
        }
    }

    private static void vectors(float[] x, int from, MemorySegment to, long run, RoundedTile tile, int token) {
        var a = FloatVector.fromArray(Lanes.F, x, from);
        var b = FloatVector.fromArray(Lanes.F, x, from + HALF);
        float most = a.abs().max(b.abs()).reduceLanes(VectorOperators.MAX);
        float perUnit = perUnit(most);
        var first = whole(a.mul(perUnit));
        var second = whole(b.mul(perUnit));
        bytes(first).intoMemorySegment(to, run + tile.codes(token), Lanes.ORDER);
        bytes(second).intoMemorySegment(to, run + tile.codes(token) + HALF, Lanes.ORDER);
        numbers(to, run, tile, token, most / 127, first.reduceLanes(VectorOperators.ADD),
                second.reduceLanes(VectorOperators.ADD));
    }

    private static IntVector whole(FloatVector values) {
        return values.add(WHOLE).reinterpretAsInts().sub(Float.floatToRawIntBits(WHOLE));
    }

    private static ByteVector bytes(IntVector codes) {
        return (ByteVector) codes.convertShape(VectorOperators.I2B, Lanes.SIXTEEN, 0);
    }

    /** The same in plain Java, bit for bit. */
    static void plain(float[] x, int from, MemorySegment to, long run, RoundedTile tile, int token) {
        float most = 0;
        for (int i = 0; i < RoundedTile.RUN; i++) {
            most = Math.max(most, Math.abs(x[from + i]));
        }
        float perUnit = perUnit(most);
        var sums = new int[2];
        for (int i = 0; i < RoundedTile.RUN; i++) {
            byte code = (byte) (Float.floatToRawIntBits(x[from + i] * perUnit + WHOLE)
                    - Float.floatToRawIntBits(WHOLE));
            to.set(ValueLayout.JAVA_BYTE, run + tile.codes(token) + i, code);
            sums[i / HALF] += code;
        }
        numbers(to, run, tile, token, most / 127, sums[0], sums[1]);
    }

    private static float perUnit(float most) {
        return most < LEAST ? 0 : 127 / most;
    }

    private static void numbers(MemorySegment to, long run, RoundedTile tile, int token, float scale, int first,
            int second) {
        to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, run + tile.scale(token), scale);
        to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, run + tile.minusValue(token), -scale * (first + second));
        to.set(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusHalfSum(0, token), -first);
        to.set(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusHalfSum(1, token), -second);
        to.set(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusSum(token), -first - second);
    }
}
