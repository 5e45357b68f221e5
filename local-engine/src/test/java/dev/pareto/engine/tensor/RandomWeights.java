package dev.pareto.engine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

import dev.pareto.engine.gguf.WeightType;

/** Random blocks whose scales are ordinary numbers. */
public final class RandomWeights {

    private RandomWeights() {}

    /** So many weights of a type. */
    public static MemorySegment of(WeightType type, long count, SplittableRandom random, Arena arena) {
        var data = arena.allocate(type.bytes(count), 64);
        for (long i = 0; i < data.byteSize() / 8; i++) {
            data.setAtIndex(ValueLayout.JAVA_LONG, i, random.nextLong());
        }
        for (long i = data.byteSize() & -8; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        for (long block = 0; block < data.byteSize(); block += type.blockBytes()) {
            switch (type) {
                case F32 -> data.set(Blocks.FLOAT, block, (float) (random.nextDouble() - 0.5));
                case F16, Q8_0, Q4_0, Q5_0, IQ4_NL, IQ4_XS -> half(data, block, random);
                case BF16 -> data.set(Blocks.SHORT, block,
                        (short) (Float.floatToRawIntBits((float) (random.nextDouble() - 0.5)) >>> 16));
                case Q4_1, Q5_1, Q4_K, Q5_K -> {
                    half(data, block, random);
                    half(data, block + 2, random);
                }
                case Q2_K -> {
                    half(data, block + 80, random);
                    half(data, block + 82, random);
                }
                case Q3_K -> half(data, block + 108, random);
                case MXFP4 -> data.set(ValueLayout.JAVA_BYTE, block, (byte) random.nextInt(115, 124));
                case Q6_K -> half(data, block + 208, random);
                default -> throw new IllegalArgumentException(type.name());
            }
        }
        return data;
    }

    private static void half(MemorySegment data, long offset, SplittableRandom random) {
        data.set(Blocks.SHORT, offset, Float.floatToFloat16((float) (random.nextDouble() - 0.5) / 64));
    }
}
