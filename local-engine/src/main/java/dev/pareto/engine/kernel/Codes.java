package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.tensor.Blocks;

/** What the quantised formats put into bits beside nibbles, brought into sixteen bytes. See {@link Blocks}. */
final class Codes {

    /** The values of the codes of IQ4_NL and IQ4_XS. */
    static final ByteVector IQ4 = ByteVector.fromArray(Lanes.SIXTEEN, Blocks.iq4Values(), 0);
    /** The doubled values of the codes of MXFP4. */
    static final ByteVector MXFP4 = ByteVector.fromArray(Lanes.SIXTEEN, Blocks.mxfp4Values(), 0);

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Lane i picks byte i / 8 and, of that, bit i % 8. */
    private static final ByteVector BYTE_OF_BIT = ByteVector.fromArray(Lanes.SIXTEEN,
            new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1}, 0);
    private static final ByteVector BIT = ByteVector.fromArray(Lanes.SIXTEEN,
            new byte[]{1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128}, 0);

    private Codes() {}

    /** Takes 16 off every byte whose bit is not set. */
    static ByteVector lessSixteenWhereClear(ByteVector bytes, int bits) {
        return bytes.sub((byte) 16, spread(bits).compare(VectorOperators.EQ, 0));
    }

    /** Adds 16 to every byte whose bit is set. */
    static ByteVector plusSixteenWhereSet(ByteVector bytes, int bits) {
        return bytes.add((byte) 16, spread(bits).compare(VectorOperators.NE, 0));
    }

    private static ByteVector spread(int bits) {
        var pair = ShortVector.broadcast(ShortVector.SPECIES_128, (short) bits).reinterpretAsBytes();
        return BYTE_OF_BIT.selectFrom(pair).and(BIT);
    }

    /** Of Q4_K and Q5_K: eight scales of six bits, then eight minima. */
    static ByteVector sixBits(MemorySegment data, long packed) {
        int u0 = data.get(INT, packed);
        int u1 = data.get(INT, packed + 4);
        int u2 = data.get(INT, packed + 8);
        long scales = (u0 & 0x3F3F3F3FL) | (((u2 & 0x0F0F0F0FL) | ((long) (u0 >>> 6 & 0x03030303) << 4)) << 32);
        long minima = (u1 & 0x3F3F3F3FL) | (((u2 >>> 4 & 0x0F0F0F0FL) | ((long) (u1 >>> 6 & 0x03030303) << 4)) << 32);
        return bytes(scales, minima);
    }

    /** Of Q3_K: sixteen scales, -32 to 31. */
    static ByteVector q3kScales(MemorySegment data, long packed) {
        int u0 = data.get(INT, packed);
        int u1 = data.get(INT, packed + 4);
        int u2 = data.get(INT, packed + 8);
        long first = ((u0 & 0x0F0F0F0FL) | ((u2 & 0x03030303L) << 4))
                | (((u1 & 0x0F0F0F0FL) | ((u2 >>> 2 & 0x03030303L) << 4)) << 32);
        long second = ((u0 >>> 4 & 0x0F0F0F0FL) | ((u2 >>> 4 & 0x03030303L) << 4))
                | (((u1 >>> 4 & 0x0F0F0F0FL) | ((u2 >>> 6 & 0x03030303L) << 4)) << 32);
        return bytes(first, second).sub((byte) 32);
    }

    private static ByteVector bytes(long first, long second) {
        return LongVector.zero(LongVector.SPECIES_128).withLane(0, first).withLane(1, second).reinterpretAsBytes();
    }
}
