package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.pareto.engine.tensor.Blocks;

/** Blocks of 32 weights of four or five bits, widened to floats in memory: bit for bit those of {@link Blocks}. */
final class VectorSmallBlocks {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private VectorSmallBlocks() {}

    static void q40(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 32, block += 18) {
            float scale = Blocks.half(data, block);
            var pairs = Lanes.sixteen(data, block + 2);
            Lanes.store(pairs.and((byte) 15).sub((byte) 8), scale, out, i);
            Lanes.store(Lanes.right(pairs, 4).and((byte) 15).sub((byte) 8), scale, out, i + 16);
        }
    }

    static void q41(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 32, block += 20) {
            float scale = Blocks.half(data, block);
            float least = Blocks.half(data, block + 2);
            var pairs = Lanes.sixteen(data, block + 4);
            Lanes.store(pairs.and((byte) 15), scale, least, out, i);
            Lanes.store(Lanes.right(pairs, 4).and((byte) 15), scale, least, out, i + 16);
        }
    }

    static void q50(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 32, block += 22) {
            float scale = Blocks.half(data, block);
            int fifth = data.get(INT, block + 2);
            var pairs = Lanes.sixteen(data, block + 6);
            Lanes.store(Codes.lessSixteenWhereClear(pairs.and((byte) 15), fifth), scale, out, i);
            Lanes.store(Codes.lessSixteenWhereClear(Lanes.right(pairs, 4).and((byte) 15), fifth >>> 16), scale, out,
                    i + 16);
        }
    }

    static void q51(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 32, block += 24) {
            float scale = Blocks.half(data, block);
            float least = Blocks.half(data, block + 2);
            int fifth = data.get(INT, block + 4);
            var pairs = Lanes.sixteen(data, block + 8);
            Lanes.store(Codes.plusSixteenWhereSet(pairs.and((byte) 15), fifth), scale, least, out, i);
            Lanes.store(Codes.plusSixteenWhereSet(Lanes.right(pairs, 4).and((byte) 15), fifth >>> 16), scale, least,
                    out, i + 16);
        }
    }

    static void iq4nl(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 32, block += 18) {
            float scale = Blocks.half(data, block);
            var pairs = Lanes.sixteen(data, block + 2);
            Lanes.store(pairs.and((byte) 15).selectFrom(Codes.IQ4), scale, out, i);
            Lanes.store(Lanes.right(pairs, 4).and((byte) 15).selectFrom(Codes.IQ4), scale, out, i + 16);
        }
    }

    static void mxfp4(MemorySegment data, long offset, int count, float[] out, int at) {
        long block = offset;
        for (int i = at; i < at + count; i += 32, block += 17) {
            float scale = Blocks.halfPower(data, block);
            var pairs = Lanes.sixteen(data, block + 1);
            Lanes.store(pairs.and((byte) 15).selectFrom(Codes.MXFP4), scale, out, i);
            Lanes.store(Lanes.right(pairs, 4).and((byte) 15).selectFrom(Codes.MXFP4), scale, out, i + 16);
        }
    }
}
