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
            case F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q6_K -> true;
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
            case Q8_0 -> q80(data, offset, count, out, at);
            case Q4_0 -> q40(data, offset, count, out, at);
            case Q4_K -> q4k(data, offset, count, out, at);
            case Q6_K -> q6k(data, offset, count, out, at);
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

    private static int unsigned(MemorySegment data, long offset) {
        return Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, offset));
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

    /** 32 weights: a half scale, 32 signed bytes. */
    private static void q80(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 34) {
            float scale = half(data, block);
            for (int i = 0; i < 32; i++) {
                out[start + i] = scale * data.get(ValueLayout.JAVA_BYTE, block + 2 + i);
            }
        }
    }

    /** 32 weights: a half scale, 16 bytes whose low nibbles come first; a nibble stands for itself minus 8. */
    private static void q40(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 32, block += 18) {
            float scale = half(data, block);
            for (int i = 0; i < 16; i++) {
                int pair = unsigned(data, block + 2 + i);
                out[start + i] = scale * ((pair & 15) - 8);
                out[start + 16 + i] = scale * ((pair >>> 4) - 8);
            }
        }
    }

    /**
     * 256 weights: half scale, half minimum, eight 6-bit scales and minima in 12 bytes, then four times 32 bytes whose
     * low nibbles are one group of 32 weights and whose high nibbles the next.
     */
    private static void q4k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 256, block += 144) {
            float scale = half(data, block);
            float least = half(data, block + 2);
            for (int group = 0; group < 8; group++) {
                float d = scale * q4kScale(data, block + 4, group);
                float m = least * q4kMinimum(data, block + 4, group);
                long nibbles = block + 16 + 32L * (group / 2);
                int shift = 4 * (group & 1);
                for (int i = 0; i < 32; i++) {
                    out[start + 32 * group + i] = d * ((unsigned(data, nibbles + i) >>> shift) & 15) - m;
                }
            }
        }
    }

    /** The 6-bit scale of a group of a Q4_K block whose 12 packed bytes start at {@code packed}. */
    public static int q4kScale(MemorySegment data, long packed, int group) {
        return group < 4
                ? unsigned(data, packed + group) & 63
                : (unsigned(data, packed + group + 4) & 15) | (unsigned(data, packed + group - 4) >>> 6 << 4);
    }

    /** The 6-bit minimum of a group of a Q4_K block whose 12 packed bytes start at {@code packed}. */
    public static int q4kMinimum(MemorySegment data, long packed, int group) {
        return group < 4
                ? unsigned(data, packed + group + 4) & 63
                : (unsigned(data, packed + group + 4) >>> 4) | (unsigned(data, packed + group) >>> 6 << 4);
    }

    /**
     * 256 weights: 128 bytes of low nibbles, 64 bytes of two high bits each, 16 signed scales, a half scale. Each half
     * of 128 weights is four runs of 32 that share bytes; a weight stands for its six bits minus 32.
     */
    private static void q6k(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int start = at; start < at + count; start += 256, block += 210) {
            float scale = half(data, block + 208);
            for (int run = 0; run < 8; run++) {
                int half = run / 4;
                int part = run % 4;
                long low = block + 64L * half + 32L * (part & 1);
                long high = block + 128 + 32L * half;
                for (int i = 0; i < 32; i++) {
                    int lowBits = (unsigned(data, low + i) >>> (4 * (part / 2))) & 15;
                    int highBits = (unsigned(data, high + i) >>> (2 * part)) & 3;
                    float d = scale * data.get(ValueLayout.JAVA_BYTE, block + 192 + 2L * run + i / 16);
                    out[start + 32 * run + i] = d * (lowBits + 16 * highBits - 32);
                }
            }
        }
    }
}
