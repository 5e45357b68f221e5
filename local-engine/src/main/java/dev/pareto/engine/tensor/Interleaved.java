package dev.pareto.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.pareto.engine.gguf.WeightType;

/**
 * A second copy of a matrix whose rows lie sixteen and sixteen beside each other, so that a vector of sixteen lanes
 * multiplies sixteen rows by one element at a time: no sum across lanes, one scale for all of a vector, aligned loads of
 * 64 bytes. Rows beyond the last sixteen are not in it. Weights are packed in ints, one for each row, whose bits are
 * turned so that the first of them stand at the top of a float's mantissa and {@code rotateRight} brings up the next.
 *
 * <p>
 * Sixteen rows are, for each block of columns and in this order:
 * <ul>
 * <li>Q4_0, 32 columns: 16 half scales; four times 16 ints of 8 nibbles
 * <li>Q4_K, 256 columns: 16 half scales, 16 half minima; for each 32 columns 16 bytes of scales, 16 of minima, four times
 * 16 ints of 8 nibbles
 * <li>Q6_K, 256 columns: 16 half scales; for each 16 columns 16 signed bytes of scales, twice 16 ints of 8 low nibbles, 16
 * ints of 16 times two high bits
 * </ul>
 * Immutable once {@link #pack} has run over all groups.
 */
public final class Interleaved {

    /** Rows that lie beside each other. */
    public static final int ROWS = 16;
    /** The lowest bit of a nibble that stands at the top of a float's mantissa. */
    public static final int NIBBLE_AT = 19;
    /** The lowest bit of six bits that stand there. */
    public static final int SIX_BITS_AT = 17;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_NIBBLES = 0x0F0F0F0F0F0F0F0FL;
    private static final long LOW_PAIRS = 0x0303030303030303L;

    private final WeightMatrix matrix;
    private final MemorySegment data;

    /**
     * Room for a copy, to be filled by {@link #pack}.
     *
     * @param data {@link #bytes} of the matrix, best at a multiple of 64
     */
    public Interleaved(WeightMatrix matrix, MemorySegment data) {
        if (data.byteSize() != bytes(matrix)) {
            throw new IllegalArgumentException(
                    matrix.name() + " interleaved needs " + bytes(matrix) + " bytes, got " + data.byteSize());
        }
        this.matrix = matrix;
        this.data = data;
    }

    /** Whether there is such a layout for the type. */
    public static boolean supports(WeightType type) {
        return switch (type) {
            case Q4_0, Q4_K, Q6_K -> true;
            default -> false; // an enum of the format, which grows without us
        };
    }

    /** Bytes that a copy takes. */
    public static long bytes(WeightMatrix matrix) {
        return bytes(matrix.type(), matrix.rows(), matrix.columns());
    }

    /** Bytes that a copy of a matrix of this size takes. */
    public static long bytes(WeightType type, long rows, long columns) {
        return rows / ROWS * groupBytes(type, columns);
    }

    private static long groupBytes(WeightType type, long columns) {
        return columns / type.blockElements() * blockBytes(type);
    }

    /** Bytes of a block of columns of sixteen rows. */
    public static int blockBytes(WeightType type) {
        return switch (type) {
            case Q4_0 -> 32 + 4 * 64;
            case Q4_K -> 64 + 8 * (32 + 4 * 64);
            case Q6_K -> 32 + 16 * (16 + 3 * 64);
            default -> throw new IllegalArgumentException("no interleaved layout for " + type);
        };
    }

    /** What it is a copy of. */
    public WeightMatrix matrix() {
        return matrix;
    }

    /** The bytes. */
    public MemorySegment data() {
        return data;
    }

    /** Groups of sixteen rows. */
    public int groups() {
        return matrix.rows() / ROWS;
    }

    /** Where a group starts in the data. */
    public long groupOffset(int group) {
        return group * groupBytes(matrix.type(), matrix.columns());
    }

    /** Copies groups of rows from the matrix. Different groups may be packed by different threads. */
    public void pack(int fromGroup, int toGroup) {
        int blockElements = matrix.type().blockElements();
        int step = blockBytes(matrix.type());
        for (int group = fromGroup; group < toGroup; group++) {
            long to = groupOffset(group);
            for (int column = 0; column < matrix.columns(); column += blockElements, to += step) {
                for (int lane = 0; lane < ROWS; lane++) {
                    long from = matrix.blockOffset(group * ROWS + lane, column);
                    switch (matrix.type()) {
                        case Q4_0 -> packQ40(from, to, lane);
                        case Q4_K -> packQ4k(from, to, lane);
                        case Q6_K -> packQ6k(from, to, lane);
                        default -> throw new IllegalArgumentException("no interleaved layout for " + matrix.type());
                    }
                }
            }
        }
    }

    private void packQ40(long from, long to, int lane) {
        data.set(Blocks.SHORT, to + 2L * lane, matrix.data().get(Blocks.SHORT, from));
        for (int v = 0; v < 4; v++) {
            int nibbles = nibbles(from + 2 + 8L * (v & 1), 4 * (v >> 1));
            data.set(INT, to + 32 + 64L * v + 4L * lane, Integer.rotateLeft(nibbles, NIBBLE_AT));
        }
    }

    private void packQ4k(long from, long to, int lane) {
        data.set(Blocks.SHORT, to + 2L * lane, matrix.data().get(Blocks.SHORT, from));
        data.set(Blocks.SHORT, to + 32 + 2L * lane, matrix.data().get(Blocks.SHORT, from + 2));
        for (int group = 0; group < 8; group++) {
            long at = to + 64 + 288L * group;
            data.set(ValueLayout.JAVA_BYTE, at + lane, (byte) Blocks.sixBitScale(matrix.data(), from + 4, group));
            data.set(ValueLayout.JAVA_BYTE, at + 16 + lane,
                    (byte) Blocks.sixBitMinimum(matrix.data(), from + 4, group));
            for (int v = 0; v < 4; v++) {
                int nibbles = nibbles(from + 16 + 32L * (group >> 1) + 8L * v, 4 * (group & 1));
                data.set(INT, at + 32 + 64L * v + 4L * lane, Integer.rotateLeft(nibbles, NIBBLE_AT));
            }
        }
    }

    private void packQ6k(long from, long to, int lane) {
        data.set(Blocks.SHORT, to + 2L * lane, matrix.data().get(Blocks.SHORT, from + 208));
        for (int group = 0; group < 16; group++) {
            long at = to + 32 + 208L * group;
            int half = group >> 3;
            int run = group >> 1 & 3;
            int column = 16 * (group & 1);
            data.set(ValueLayout.JAVA_BYTE, at + lane, matrix.data().get(ValueLayout.JAVA_BYTE, from + 192 + group));
            long low = from + 64L * half + 32L * (run & 1) + column;
            long high = from + 128 + 32L * half + column;
            for (int v = 0; v < 2; v++) {
                int nibbles = nibbles(low + 8L * v, 4 * (run >> 1));
                data.set(INT, at + 16 + 64L * v + 4L * lane, Integer.rotateLeft(nibbles, SIX_BITS_AT));
            }
            int pairs = pairs(high, 2 * run) | pairs(high + 8, 2 * run) << 16;
            data.set(INT, at + 144 + 4L * lane, Integer.rotateLeft(pairs, SIX_BITS_AT + 4));
        }
    }

    /** Four bits of each of eight bytes, from the lowest byte up. */
    private int nibbles(long from, int shift) {
        return (int) Long.compress(matrix.data().get(LONG, from), LOW_NIBBLES << shift);
    }

    /** Two bits of each of eight bytes, from the lowest byte up. */
    private int pairs(long from, int shift) {
        return (int) Long.compress(matrix.data().get(LONG, from), LOW_PAIRS << shift);
    }

    /**
     * One row as floats, in plain Java: the twin of the kernels that read this layout, equal to
     * {@link Blocks#dequantise} of the row bit for bit.
     *
     * @param row below {@code groups() * ROWS}
     */
    public void dequantise(int row, float[] out, int at) {
        int lane = row % ROWS;
        int blockElements = matrix.type().blockElements();
        long block = groupOffset(row / ROWS);
        for (int column = 0; column < matrix.columns(); column += blockElements) {
            switch (matrix.type()) {
                case Q4_0 -> q40(block, lane, out, at + column);
                case Q4_K -> q4k(block, lane, out, at + column);
                case Q6_K -> q6k(block, lane, out, at + column);
                default -> throw new IllegalArgumentException("no interleaved layout for " + matrix.type());
            }
            block += blockBytes(matrix.type());
        }
    }

    private void q40(long block, int lane, float[] out, int at) {
        float scale = Blocks.half(data, block + 2L * lane);
        for (int i = 0; i < 32; i++) {
            out[at + i] = scale * (nibble(block + 32, lane, i, NIBBLE_AT) - 8);
        }
    }

    private void q4k(long block, int lane, float[] out, int at) {
        float scale = Blocks.half(data, block + 2L * lane);
        float least = Blocks.half(data, block + 32 + 2L * lane);
        for (int group = 0; group < 8; group++) {
            long from = block + 64 + 288L * group;
            float d = scale * Blocks.unsigned(data, from + lane);
            float m = least * Blocks.unsigned(data, from + 16 + lane);
            for (int i = 0; i < 32; i++) {
                out[at + 32 * group + i] = d * nibble(from + 32, lane, i, NIBBLE_AT) - m;
            }
        }
    }

    private void q6k(long block, int lane, float[] out, int at) {
        float scale = Blocks.half(data, block + 2L * lane);
        for (int group = 0; group < 16; group++) {
            long from = block + 32 + 208L * group;
            float d = scale * data.get(ValueLayout.JAVA_BYTE, from + lane);
            for (int i = 0; i < 16; i++) {
                int high = Integer.rotateRight(data.get(INT, from + 144 + 4L * lane), SIX_BITS_AT + 4 + 2 * i) & 3;
                out[at + 16 * group + i] = d * ((nibble(from + 16, lane, i, SIX_BITS_AT) | high << 4) - 32);
            }
        }
    }

    /** The nibble of a column among ints that hold eight columns of a row each. */
    private int nibble(long ints, int lane, int column, int lowest) {
        int packed = data.get(INT, ints + 64L * (column >> 3) + 4L * lane);
        return Integer.rotateRight(packed, lowest + 4 * (column & 7)) & 15;
    }
}
