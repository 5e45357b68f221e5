package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

import dev.pareto.engine.tensor.Interleaved;

/**
 * Columns of thirty-two interleaved rows, widened to floats {@code [column][row]}, bit for bit as
 * {@link dev.pareto.engine.tensor.Blocks} widens them. One call widens a vector of rows, from lane {@code part} of each word on: of
 * its lower halves where {@code half} is 0 and of its upper ones, sixteen rows further on, where it is 16.
 */
final class VectorPanels {

    private static final int WORD = Interleaved.WORD;
    private static final int ROWS = Interleaved.ROWS;
    /** Bytes of a column of the panel. */
    private static final int COLUMN = 4 * ROWS;
    /** Bytes from a row to that sixteen rows further on. */
    private static final int UPPER = 64;
    private static final IntVector NIBBLE = IntVector.broadcast(Lanes.I, 15);
    private static final IntVector SIX_BITS = IntVector.broadcast(Lanes.I, 63);

    private VectorPanels() {}

    /** Both vectors of rows. */
    static void f16(MemorySegment data, long at, int part, int columns, MemorySegment panel) {
        int to = 4 * part;
        long word = at + 4L * part;
        for (int k = 0; k < columns; k++, word += WORD, to += COLUMN) {
            var both = Lanes.ints(data, word);
            Lanes.lowHalves(both).intoMemorySegment(panel, to, Lanes.ORDER);
            Lanes.highHalves(both).intoMemorySegment(panel, to + UPPER, Lanes.ORDER);
        }
    }

    /** Both vectors of rows. */
    static void q80(MemorySegment data, long at, int part, int columns, MemorySegment panel) {
        long block = at;
        for (int i = 4 * part; i < COLUMN * columns; i += 32 * COLUMN, block += Interleaved.Q8_0_BLOCK) {
            var scales = Lanes.ints(data, block + 4L * part);
            var low = Lanes.lowHalves(scales);
            var high = Lanes.highHalves(scales);
            long bytes = block + WORD + part;
            for (int to = i; to < i + 32 * COLUMN; to += COLUMN, bytes += ROWS) {
                Lanes.bytes(data, bytes).mul(low).intoMemorySegment(panel, to, Lanes.ORDER);
                Lanes.bytes(data, bytes + 16).mul(high).intoMemorySegment(panel, to + UPPER, Lanes.ORDER);
            }
        }
    }

    static void q40(MemorySegment data, long at, int part, int half, int columns, MemorySegment panel) {
        long block = at + 4L * part;
        for (int i = 4 * (part + half); i < COLUMN * columns; i += 32 * COLUMN, block += Interleaved.Q4_0_BLOCK) {
            var scale = halves(data, block, half);
            var least = scale.mul(-8);
            long nibbles = block + WORD;
            for (int to = i; to < i + 32 * COLUMN; to += 4 * COLUMN, nibbles += WORD) {
                nibbles(word(data, nibbles, half), scale, least, panel, to);
            }
        }
    }

    /** 256 columns, from byte {@code from} of the panel on. */
    static void q4k(MemorySegment data, long block, int part, int half, MemorySegment panel, int from) {
        long lanes = block + 4L * part;
        long both = lanes + 2 * WORD;
        long nibbles = lanes + Interleaved.Q4_K_HEAD;
        int end = from + 256 * COLUMN;
        for (int i = from + 4 * (part + half); i < end; i += 32 * COLUMN, both += WORD) {
            var scales = word(data, both, half);
            var scale = halves(data, lanes, half).mul(Lanes.floats(scales.and(SIX_BITS)));
            var least = halves(data, lanes + WORD, half)
                    .mul(Lanes.floats(scales.lanewise(VectorOperators.LSHR, 8).and(SIX_BITS)))
                    .neg();
            for (int to = i; to < i + 32 * COLUMN; to += 4 * COLUMN, nibbles += WORD) {
                nibbles(word(data, nibbles, half), scale, least, panel, to);
            }
        }
    }

    /** Four columns. */
    private static void nibbles(IntVector w, FloatVector scale, FloatVector least, MemorySegment panel, int to) {
        Lanes.floats(w.and(NIBBLE)).fma(scale, least).intoMemorySegment(panel, to, Lanes.ORDER);
        Lanes.floats(w.lanewise(VectorOperators.LSHR, 4).and(NIBBLE))
                .fma(scale, least)
                .intoMemorySegment(panel, to + COLUMN, Lanes.ORDER);
        Lanes.floats(w.lanewise(VectorOperators.LSHR, 8).and(NIBBLE))
                .fma(scale, least)
                .intoMemorySegment(panel, to + 2 * COLUMN, Lanes.ORDER);
        Lanes.floats(w.lanewise(VectorOperators.LSHR, 12).and(NIBBLE))
                .fma(scale, least)
                .intoMemorySegment(panel, to + 3 * COLUMN, Lanes.ORDER);
    }

    /** 256 columns, from byte {@code from} of the panel on. */
    static void q6k(MemorySegment data, long block, int part, int half, MemorySegment panel, int from) {
        long lanes = block + 4L * part;
        int end = from + 256 * COLUMN;
        int group = 0;
        for (int i = from + 4 * (part + half); i < end; i += 16 * COLUMN, group++) {
            long scales = lanes + WORD + (long) Interleaved.Q6_K_PART * (group >> 1);
            // The signed scale of these rows and columns comes to the top.
            var scale = halves(data, lanes, half)
                    .mul(Lanes.floats(Lanes.ints(data, scales)
                            .lanewise(VectorOperators.LSHL, 24 - 16 * (group & 1) - (half >> 1))
                            .lanewise(VectorOperators.ASHR, 24)));
            long columns = scales + WORD * (1L + 8L * (group & 1));
            for (int to = i; to < i + 8 * COLUMN; to += COLUMN, columns += WORD) {
                var w = word(data, columns, half);
                Lanes.floats(w.and(SIX_BITS).sub(32)).mul(scale).intoMemorySegment(panel, to, Lanes.ORDER);
                Lanes.floats(w.lanewise(VectorOperators.LSHR, 8).and(SIX_BITS).sub(32))
                        .mul(scale)
                        .intoMemorySegment(panel, to + 8 * COLUMN, Lanes.ORDER);
            }
        }
    }

    /** The halves of ints that are asked for, in their lower halves; what is in the upper ones is the caller's to mask off. */
    private static IntVector word(MemorySegment data, long at, int half) {
        return Lanes.ints(data, at).lanewise(VectorOperators.LSHR, half);
    }

    private static FloatVector halves(MemorySegment data, long at, int half) {
        return Lanes.lowHalves(word(data, at, half));
    }
}
