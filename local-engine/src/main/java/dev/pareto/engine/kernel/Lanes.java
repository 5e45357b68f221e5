package dev.pareto.engine.kernel;

import java.nio.ByteOrder;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The species of this CPU, chosen once: code that asks for vectors wider than the CPU has runs 80 times slower. The
 * helpers here return vectors and must be inlined; callers keep to a few calls a method, because past the compiler's
 * limit every vector becomes an object.
 */
final class Lanes {

    /** Floats of the preferred width, 512 bits at most: page and tile sizes are multiples of 16 lanes. */
    static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED.length() > 16
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED.length() > 16
            ? IntVector.SPECIES_512
            : IntVector.SPECIES_PREFERRED;
    static final int L = F.length();
    /** Bytes that widen to one vector of floats; 64 bits is the least there is, which makes two vectors of 128 bits. */
    static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));
    static final int BYTES = B.length();
    /** Whether {@link #B} makes two vectors of floats. */
    static final boolean TWO_PARTS = BYTES > L;
    /** Halves that widen to one vector of floats. */
    static final VectorSpecies<Short> S = VectorSpecies.of(short.class,
            VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 2)));

    /** The block formats come in runs of 16 weights: their bits are put together in bytes, which is cheap at any width. */
    static final VectorSpecies<Byte> SIXTEEN = ByteVector.SPECIES_128;

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    // Vectors, not numbers: to broadcast one costs the compiler's inlining budget each time.
    private static final IntVector HALF_BITS = IntVector.broadcast(I, 0x8FFFE000);
    private static final FloatVector HALF_BIASES = FloatVector.broadcast(F, 0x1p112f);

    private Lanes() {}

    /** Sixteen bytes from memory. */
    static ByteVector sixteen(MemorySegment data, long offset) {
        return ByteVector.fromMemorySegment(SIXTEEN, data, offset, ORDER);
    }

    /** Bytes shifted right; bits of the next byte come in from the left, because x86 shifts no bytes: mask them off. */
    static ByteVector right(ByteVector bytes, int bits) {
        return bytes.reinterpretAsShorts().lanewise(VectorOperators.LSHR, bits).reinterpretAsBytes();
    }

    /** Bytes shifted left; bits that leave a byte enter the next one: mask them off before. */
    static ByteVector left(ByteVector bytes, int bits) {
        return bytes.reinterpretAsShorts().lanewise(VectorOperators.LSHL, bits).reinterpretAsBytes();
    }

    /** A sum with the products of sixteen signed bytes and sixteen floats added. */
    static FloatVector times(ByteVector sixteen, float[] x, int at, FloatVector sum) {
        var s = signed(sixteen, 0).fma(FloatVector.fromArray(F, x, at), sum);
        if (L < 16) {
            s = signed(sixteen, 1).fma(FloatVector.fromArray(F, x, at + L), s);
        }
        if (L < 8) {
            s = signed(sixteen, 2).fma(FloatVector.fromArray(F, x, at + 2 * L), s);
            s = signed(sixteen, 3).fma(FloatVector.fromArray(F, x, at + 3 * L), s);
        }
        return s;
    }

    /** Stores sixteen signed bytes as floats, each times the scale. */
    static void store(ByteVector sixteen, float scale, float[] out, int at) {
        signed(sixteen, 0).mul(scale).intoArray(out, at);
        if (L < 16) {
            signed(sixteen, 1).mul(scale).intoArray(out, at + L);
        }
        if (L < 8) {
            signed(sixteen, 2).mul(scale).intoArray(out, at + 2 * L);
            signed(sixteen, 3).mul(scale).intoArray(out, at + 3 * L);
        }
    }

    /** Stores sixteen signed bytes as floats, each times the scale and then plus the least. */
    static void store(ByteVector sixteen, float scale, float least, float[] out, int at) {
        signed(sixteen, 0).mul(scale).add(least).intoArray(out, at);
        if (L < 16) {
            signed(sixteen, 1).mul(scale).add(least).intoArray(out, at + L);
        }
        if (L < 8) {
            signed(sixteen, 2).mul(scale).add(least).intoArray(out, at + 2 * L);
            signed(sixteen, 3).mul(scale).add(least).intoArray(out, at + 3 * L);
        }
    }

    /** Signed bytes as floats. */
    static FloatVector signed(ByteVector bytes, int part) {
        return (FloatVector) bytes.convertShape(VectorOperators.B2F, F, part);
    }

    /** Small ints as floats. */
    static FloatVector floats(IntVector ints) {
        return (FloatVector) ints.convert(VectorOperators.I2F, 0);
    }

    /** Ints from memory. */
    static IntVector ints(MemorySegment data, long offset) {
        return IntVector.fromMemorySegment(I, data, offset, ORDER);
    }

    /** Signed bytes from memory as floats; not where {@link #TWO_PARTS}. */
    static FloatVector bytes(MemorySegment data, long offset) {
        return (FloatVector) ByteVector.fromMemorySegment(B, data, offset, ORDER)
                .convertShape(VectorOperators.B2F, F, 0);
    }

    /** Floats from memory. */
    static FloatVector floats(MemorySegment data, long offset) {
        return FloatVector.fromMemorySegment(F, data, offset, ORDER);
    }

    /** Upper halves of floats from memory. */
    static FloatVector bfloats(MemorySegment data, long offset) {
        var bits = (IntVector) ShortVector.fromMemorySegment(S, data, offset, ORDER)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
        return bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /**
     * IEEE halves from memory, exact for every finite one: JDK 25 has no such conversion. Infinities and NaN become finite
     * numbers of 65536 and more: a file whose weights are none of the numbers makes no sense either way.
     */
    static FloatVector halves(MemorySegment data, long offset) {
        var bits = (IntVector) ShortVector.fromMemorySegment(S, data, offset, ORDER)
                .convertShape(VectorOperators.S2I, I, 0);
        return widened(bits.lanewise(VectorOperators.LSHL, 13));
    }

    /** The halves in the lower halves of ints. */
    static FloatVector lowHalves(IntVector ints) {
        return widened(ints.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 3));
    }

    /** The halves in the upper halves of ints. */
    static FloatVector highHalves(IntVector ints) {
        return widened(ints.lanewise(VectorOperators.ASHR, 3));
    }

    /** A half's exponent and mantissa lie where a float's do, its sign above them: a float too small by the biases' difference. */
    private static FloatVector widened(IntVector bits) {
        return bits.and(HALF_BITS).reinterpretAsFloats().mul(HALF_BIASES);
    }

    /**
     * The exponential, good to 2 ulp; arguments below -87 give about 1e-38 and above 88 about 1e38. Source: the
     * polynomial of Cephes expf (Moshier).
     */
    static FloatVector exp(FloatVector x) {
        var bounded = x.max(-87f).min(88f);
        var shifted = rounded(bounded);
        return lessOne(rest(bounded, shifted)).add(1f).mul(power(shifted));
    }

    /** The hyperbolic tangent as {@code m / (m + 2)}, where {@code m = exp(2 x) - 1} has no cancellation near 0. */
    static FloatVector tanh(FloatVector x) {
        var bounded = x.add(x).max(-87f).min(88f);
        var shifted = rounded(bounded);
        var power = power(shifted);
        var m = lessOne(rest(bounded, shifted)).fma(power, power.sub(1f));
        return m.div(m.add(2f));
    }

    /** The whole number next to x / ln 2, in the low bits: adding 1.5 * 2^23 rounds. */
    private static FloatVector rounded(FloatVector x) {
        return x.fma(FloatVector.broadcast(F, 1.442695f), FloatVector.broadcast(F, 12582912f));
    }

    /** What is left of x without the whole multiples of ln 2. */
    private static FloatVector rest(FloatVector x, FloatVector shifted) {
        var n = shifted.sub(12582912f);
        return n.fma(FloatVector.broadcast(F, -0.6933594f), x).sub(n.mul(FloatVector.broadcast(F, -2.12194440e-4f)));
    }

    /** {@code exp(r) - 1} for r within half of ln 2. */
    private static FloatVector lessOne(FloatVector r) {
        return FloatVector.broadcast(F, 0.00019875691f)
                .fma(r, FloatVector.broadcast(F, 0.0013981999f))
                .fma(r, FloatVector.broadcast(F, 0.008333452f))
                .fma(r, FloatVector.broadcast(F, 0.041665796f))
                .fma(r, FloatVector.broadcast(F, 0.16666666f))
                .fma(r, FloatVector.broadcast(F, 0.5f))
                .fma(r.mul(r), r);
    }

    /** Two to the power of the whole number. */
    private static FloatVector power(FloatVector shifted) {
        return shifted.reinterpretAsInts()
                .sub(0x4B400000)
                .add(127)
                .lanewise(VectorOperators.LSHL, 23)
                .reinterpretAsFloats();
    }
}
