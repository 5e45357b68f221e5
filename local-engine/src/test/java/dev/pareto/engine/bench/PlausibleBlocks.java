package dev.pareto.engine.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Blocks;

/**
 * Random blocks like those of a trained model: weights around zero with a standard deviation that is asked for, scales
 * that differ a little from block to block. Layouts: ggml-quants.h.
 */
final class PlausibleBlocks {

    /** Standard deviations of the whole numbers that weights are made of, all equally likely. */
    private static final double SIGNED_BYTE = 73.6;
    private static final double NIBBLE = 4.61;
    private static final double SIX_BITS = 18.5;

    private PlausibleBlocks() {}

    /**
     * Fills whole blocks.
     *
     * @param type F16, Q8_0, Q4_0, Q4_K or Q6_K
     */
    static void fill(WeightType type, MemorySegment data, double deviation, SplittableRandom random) {
        for (long block = 0; block < data.byteSize(); block += type.blockBytes()) {
            switch (type) {
                case F16 -> half(data, block, deviation * Math.sqrt(3) * random.nextDouble(-1, 1));
                case Q8_0 -> q80(data, block, deviation, random);
                case Q4_0 -> {
                    // nibbles are -8 to 7: scales of both signs, as quantisers give, keep the mean at zero
                    double scale = deviation / NIBBLE * about(random);
                    half(data, block, random.nextBoolean() ? scale : -scale);
                    bits(data, block + 2, 16, random);
                }
                case Q4_K -> q4k(data, block, deviation, random);
                case Q6_K -> q6k(data, block, deviation, random);
                default -> throw new IllegalArgumentException("no plausible blocks of " + type);
            }
        }
    }

    /** Factors of norms: near one. */
    static void norm(MemorySegment data, SplittableRandom random) {
        for (long at = 0; at < data.byteSize(); at += Float.BYTES) {
            data.set(Blocks.FLOAT, at, (float) random.nextDouble(0.9, 1.1));
        }
    }

    /** A byte of -128 is left out, as quantisers do. */
    private static void q80(MemorySegment data, long block, double deviation, SplittableRandom random) {
        half(data, block, deviation / SIGNED_BYTE * about(random));
        for (int i = 0; i < 32; i += 8) {
            long eight = random.nextLong();
            for (int j = 0; j < 8; j++) {
                int scaled = (int) (((eight >>> (8 * j) & 255) * 255) >>> 8);
                data.set(ValueLayout.JAVA_BYTE, block + 2 + i + j, (byte) (scaled - 127));
            }
        }
    }

    /** Minima of half of each group's range, so that its weights lie around zero. */
    private static void q4k(MemorySegment data, long block, double deviation, SplittableRandom random) {
        double scale = deviation / (NIBBLE * 47.5) * about(random);
        half(data, block, scale);
        half(data, block + 2, scale * 7.5);
        for (int i = 0; i < 4; i++) {
            int low = random.nextInt(32, 64);
            int high = random.nextInt(32, 64);
            int lowLeast = Math.clamp(low + random.nextInt(-2, 3), 0, 63);
            int highLeast = Math.clamp(high + random.nextInt(-2, 3), 0, 63);
            data.set(ValueLayout.JAVA_BYTE, block + 4 + i, (byte) (low | high >> 4 << 6));
            data.set(ValueLayout.JAVA_BYTE, block + 8 + i, (byte) (lowLeast | highLeast >> 4 << 6));
            data.set(ValueLayout.JAVA_BYTE, block + 12 + i, (byte) ((high & 15) | (highLeast & 15) << 4));
        }
        bits(data, block + 16, 128, random);
    }

    private static void q6k(MemorySegment data, long block, double deviation, SplittableRandom random) {
        bits(data, block, 192, random);
        for (int i = 0; i < 16; i++) {
            int scale = random.nextInt(64, 128);
            data.set(ValueLayout.JAVA_BYTE, block + 192 + i, (byte) (random.nextBoolean() ? scale : -scale));
        }
        half(data, block + 208, deviation / (SIX_BITS * 97.2) * about(random));
    }

    private static void bits(MemorySegment data, long at, int bytes, SplittableRandom random) {
        for (int i = 0; i < bytes; i += 8) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, at + i, random.nextLong());
        }
    }

    private static double about(SplittableRandom random) {
        return random.nextDouble(0.8, 1.2);
    }

    private static void half(MemorySegment data, long at, double value) {
        data.set(Blocks.SHORT, at, Float.floatToFloat16((float) value));
    }
}
