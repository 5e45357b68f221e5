package dev.pareto.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.pareto.engine.gguf.WeightType;

/**
 * The exact value of every weight of every block format, in plain Java: the definition that faster code is tested
 * against. Source: dequantize_row_* of ggml (ggml-quants.c); products and sums are rounded to float in its order.
 */
public final class Blocks {

    /** Little-endian 16 bits at any address. */
    public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    /** A little-endian float at any address. */
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private Blocks() {}

    /** Whether weights of this type can be computed with. */
    public static boolean supports(WeightType type) {
        return switch (type) {
            case F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, IQ4_NL, MXFP4, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_XS ->
                true;
            default -> false; // an enum of the format, which grows without us
        };
    }

    /**
     * Writes {@code count} weights as floats, from the block at byte {@code offset} on.
     *
     * @param count a multiple of the block length of the type
     */
    public static void dequantise(WeightType type, MemorySegment data, long offset, int count, float[] out, int at) {
        switch (type) {
            case F32 -> MemorySegment.copy(data, FLOAT, offset, out, at, count);
            case F16 -> f16(data, offset, count, out, at);
            case BF16 -> bf16(data, offset, count, out, at);
            case Q8_0 -> SmallBlocks.q80(data, offset, count, out, at);
            case Q4_0 -> SmallBlocks.q40(data, offset, count, out, at);
            case Q4_1 -> SmallBlocks.q41(data, offset, count, out, at);
            case Q5_0 -> SmallBlocks.q50(data, offset, count, out, at);
            case Q5_1 -> SmallBlocks.q51(data, offset, count, out, at);
            case IQ4_NL -> SmallBlocks.iq4nl(data, offset, count, out, at);
            case MXFP4 -> SmallBlocks.mxfp4(data, offset, count, out, at);
            case Q2_K -> SuperBlocks.q2k(data, offset, count, out, at);
            case Q3_K -> SuperBlocks.q3k(data, offset, count, out, at);
            case Q4_K -> SuperBlocks.q4k(data, offset, count, out, at);
            case Q5_K -> SuperBlocks.q5k(data, offset, count, out, at);
            case Q6_K -> SuperBlocks.q6k(data, offset, count, out, at);
            case IQ4_XS -> SuperBlocks.iq4xs(data, offset, count, out, at);
            default -> throw new IllegalArgumentException("unsupported weight type " + type);
        }
    }

    /** An IEEE half at any address. */
    public static float half(MemorySegment data, long offset) {
        return Float.float16ToFloat(data.get(SHORT, offset));
    }

    /** The upper half of a float at any address. */
    public static float bfloat(MemorySegment data, long offset) {
        return Float.intBitsToFloat(data.get(SHORT, offset) << 16);
    }

    /**
     * Half the power of two that a byte of MXFP4 means, {@code 2^(byte - 128)}, because its values are stored doubled.
     * Source: OCP Microscaling, E8M0.
     */
    public static float halfPower(MemorySegment data, long offset) {
        int exponent = unsigned(data, offset);
        // The lowest two are subnormal floats.
        return Float.intBitsToFloat(exponent < 2 ? 1 << (21 + exponent) : (exponent - 1) << 23);
    }

    /** A byte as 0 to 255. */
    public static int unsigned(MemorySegment data, long offset) {
        return Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, offset));
    }

    /** The 6-bit scale of a group of a Q4_K or Q5_K block whose 12 packed bytes start at {@code packed}. */
    public static int sixBitScale(MemorySegment data, long packed, int group) {
        return group < 4
                ? unsigned(data, packed + group) & 63
                : (unsigned(data, packed + group + 4) & 15) | (unsigned(data, packed + group - 4) >>> 6 << 4);
    }

    /** The 6-bit minimum of a group of a Q4_K or Q5_K block whose 12 packed bytes start at {@code packed}. */
    public static int sixBitMinimum(MemorySegment data, long packed, int group) {
        return group < 4
                ? unsigned(data, packed + group + 4) & 63
                : (unsigned(data, packed + group + 4) >>> 4) | (unsigned(data, packed + group) >>> 6 << 4);
    }

    /** The code, 0 to 63 and 32 above its value, of a column of the Q6_K block that starts at {@code block}. */
    public static int q6kCode(MemorySegment data, long block, int column) {
        int half = column >> 7;
        int part = column >> 5 & 3;
        int i = column & 31;
        int low = (unsigned(data, block + 64L * half + 32L * (part & 1) + i) >>> (4 * (part >> 1))) & 15;
        return low | ((unsigned(data, block + 128 + 32L * half + i) >>> (2 * part)) & 3) << 4;
    }

    /**
     * The scale, -32 to 31, of a group of 16 weights of a Q3_K block whose 12 packed bytes start at {@code packed}: eight
     * bytes with four bits of two groups each, four bytes with two more bits of four groups each.
     */
    public static int q3kScale(MemorySegment data, long packed, int group) {
        int low = unsigned(data, packed + (group & 7)) >>> (4 * (group >> 3)) & 15;
        int high = unsigned(data, packed + 8 + (group & 3)) >>> (2 * (group >> 2)) & 3;
        return (low | high << 4) - 32;
    }

    /** The scale, -32 to 31, of a group of 32 weights of an IQ4_XS block that starts at {@code block}. */
    public static int iq4xsScale(MemorySegment data, long block, int group) {
        int low = unsigned(data, block + 4 + (group >> 1)) >>> (4 * (group & 1)) & 15;
        int high = data.get(SHORT, block + 2) >>> (2 * group) & 3;
        return (low | high << 4) - 32;
    }

    /** What the 16 codes of IQ4_NL and IQ4_XS stand for. */
    public static byte[] iq4Values() {
        return SmallBlocks.IQ4_VALUES.clone();
    }

    /** What the 16 codes of MXFP4 stand for, doubled so that they are whole: the numbers of E2M1. */
    public static byte[] mxfp4Values() {
        return SmallBlocks.MXFP4_VALUES.clone();
    }

    private static void f16(MemorySegment data, long offset, int count, float[] out, int at) {
        for (int i = 0; i < count; i++) {
            out[at + i] = half(data, offset + 2L * i);
        }
    }

    private static void bf16(MemorySegment data, long offset, int count, float[] out, int at) {
        for (int i = 0; i < count; i++) {
            out[at + i] = bfloat(data, offset + 2L * i);
        }
    }
}
