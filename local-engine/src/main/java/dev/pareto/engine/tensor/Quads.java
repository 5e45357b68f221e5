package dev.pareto.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.pareto.engine.gguf.WeightType;

/**
 * A second copy of a matrix for instructions that multiply four neighbouring bytes at once: thirty-two rows lie beside each
 * other, and of each of them four columns, which are a lane of a vector. Rows beyond the last thirty-two are not in it. A
 * <i>plane</i> is 64 bytes; byte {@code 4 * l + i} of it is column {@code i} of row {@code l}. It takes no more bytes than
 * {@link Interleaved}. All codes are unsigned: those of Q8_0 are 128 above their values.
 *
 * <p>
 * Thirty-two rows are, for each block of columns and in this order, numbers of all rows one after the other:
 * <ul>
 * <li>Q8_0, 32 columns: half scales; for each 4 columns a plane of rows 0 to 15 and one of rows 16 to 31
 * <li>Q4_0, 32 columns: half scales; for each 4 columns a plane of nibbles, rows 0 to 15 in the lower ones
 * <li>Q4_K, 256 columns: half scales, half minima; for each 32 columns bytes of scales and of minima, then planes as of Q4_0
 * <li>Q6_K, 256 columns: half scales; for each 32 columns signed bytes of scales of the first 16 and of the others, then for
 * each 8 columns two planes as of Q4_0 with the lower four bits and one with the upper two: from the lowest, of the first four
 * columns rows 0 to 15 and 16 to 31, and of the others
 * </ul>
 * Immutable once {@link #pack} has run over all groups.
 */
public final class Quads {

    /** Rows that lie beside each other. */
    public static final int ROWS = 32;
    /** Bytes of four columns of sixteen rows. */
    public static final int PLANE = 64;
    /** Columns of the shortest blocks, and of the runs that longer ones consist of. */
    public static final int RUN = 32;
    /** Columns of a lane. */
    private static final int LANE = 4;
    private static final int RUNS = 8;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final WeightMatrix matrix;
    private final MemorySegment data;

    /**
     * Room for a copy, to be filled by {@link #pack}.
     *
     * @param data {@link #bytes} of the matrix, all zero, best at a multiple of 64
     */
    public Quads(WeightMatrix matrix, MemorySegment data) {
        if (data.byteSize() != bytes(matrix)) {
            throw new IllegalArgumentException(
                    matrix.name() + " in quads needs " + bytes(matrix) + " bytes, got " + data.byteSize());
        }
        this.matrix = matrix;
        this.data = data;
    }

    /** Whether there is such a layout for the type. */
    public static boolean supports(WeightType type) {
        return switch (type) {
            case Q8_0, Q4_0, Q4_K, Q6_K -> true;
            default -> false; // an enum of the format, which grows without us
        };
    }

    /** Bytes that a copy takes. */
    public static long bytes(WeightMatrix matrix) {
        return bytes(matrix.type(), matrix.rows(), matrix.columns());
    }

    /** Bytes that a copy of a matrix of this size takes. */
    public static long bytes(WeightType type, long rows, long columns) {
        return rows / ROWS * (columns / type.blockElements()) * blockBytes(type);
    }

    /** Bytes before the first run of a block of thirty-two rows. */
    public static int headBytes(WeightType type) {
        return type == WeightType.Q4_K ? 2 * PLANE : PLANE;
    }

    /** Bytes of 32 columns of thirty-two rows, without the head of their block. */
    public static int runBytes(WeightType type) {
        return switch (type) {
            case Q8_0 -> 16 * PLANE;
            case Q4_0 -> 8 * PLANE;
            case Q4_K -> 9 * PLANE;
            case Q6_K -> 13 * PLANE;
            default -> throw new IllegalArgumentException("no layout in quads for " + type);
        };
    }

    /** Bytes of a block of columns of thirty-two rows. */
    public static int blockBytes(WeightType type) {
        return headBytes(type) + type.blockElements() / RUN * runBytes(type);
    }

    /** What it is a copy of. */
    public WeightMatrix matrix() {
        return matrix;
    }

    /** The bytes. */
    public MemorySegment data() {
        return data;
    }

    /** Groups of thirty-two rows. */
    public int groups() {
        return matrix.rows() / ROWS;
    }

    /** Where a group starts in the data. */
    public long groupOffset(int group) {
        return group * (data.byteSize() / Math.max(1, groups()));
    }

    /** Copies groups of rows from the matrix. Different groups may be packed by different threads. */
    public void pack(int fromGroup, int toGroup) {
        int blocks = matrix.columns() / matrix.type().blockElements();
        int length = matrix.type().blockBytes();
        int step = blockBytes(matrix.type());
        for (int row = fromGroup * ROWS; row < toGroup * ROWS; row++) {
            long from = matrix.blockOffset(row, 0);
            long to = groupOffset(row / ROWS);
            for (int i = 0; i < blocks; i++, from += length, to += step) {
                switch (matrix.type()) {
                    case Q8_0 -> packQ80(from, to, row % ROWS);
                    case Q4_0 -> packQ40(from, to, row % ROWS);
                    case Q4_K -> packQ4k(from, to, row % ROWS);
                    case Q6_K -> packQ6k(from, to, row % ROWS);
                    default -> throw new IllegalArgumentException("no layout in quads for " + matrix.type());
                }
            }
        }
    }

    /** Where a column of a row lies among planes of whole bytes: two for four columns. */
    private static long wholeByte(int row, int column) {
        return (long) PLANE * (2 * (column / LANE) + row / 16) + 4L * (row & 15) + column % LANE;
    }

    /** Where a column of a row lies among planes of nibbles. */
    private static long nibbleByte(int row, int column) {
        return (long) PLANE * (column / LANE) + 4L * (row & 15) + column % LANE;
    }

    /** The rows 16 further on have the upper nibbles. */
    private static int nibbleShift(int row) {
        return 4 * (row / 16);
    }

    private void copyHalf(long from, long to, int row) {
        data.set(SHORT, to + 2L * row, matrix.data().get(SHORT, from));
    }

    /** Adds bits that are zero still. */
    private void put(long at, int bits) {
        data.set(BYTE, at, (byte) (data.get(BYTE, at) | bits));
    }

    private void packQ80(long from, long to, int row) {
        copyHalf(from, to, row);
        for (int column = 0; column < RUN; column++) {
            data.set(BYTE, to + PLANE + wholeByte(row, column),
                    (byte) (matrix.data().get(BYTE, from + 2 + column) ^ 0x80));
        }
    }

    private void packQ40(long from, long to, int row) {
        copyHalf(from, to, row);
        for (int column = 0; column < RUN; column++) {
            int code = Blocks.unsigned(matrix.data(), from + 2 + (column & 15)) >>> (4 * (column >> 4)) & 15;
            put(to + PLANE + nibbleByte(row, column), code << nibbleShift(row));
        }
    }

    private void packQ4k(long from, long to, int row) {
        copyHalf(from, to, row);
        copyHalf(from + 2, to + PLANE, row);
        for (int run = 0; run < RUNS; run++) {
            long start = runStart(to, run);
            data.set(BYTE, start + row, (byte) Blocks.sixBitScale(matrix.data(), from + 4, run));
            data.set(BYTE, start + ROWS + row, (byte) Blocks.sixBitMinimum(matrix.data(), from + 4, run));
            for (int column = 0; column < RUN; column++) {
                int code = Blocks.unsigned(matrix.data(), from + 16 + 32L * (run >> 1) + column) >>> (4 * (run & 1))
                        & 15;
                put(start + PLANE + nibbleByte(row, column), code << nibbleShift(row));
            }
        }
    }

    private void packQ6k(long from, long to, int row) {
        copyHalf(from + 208, to, row);
        for (int run = 0; run < RUNS; run++) {
            long start = runStart(to, run);
            for (int half = 0; half < 2; half++) {
                data.set(BYTE, start + (long) ROWS * half + row, matrix.data().get(BYTE, from + 192 + 2L * run + half));
            }
            for (int column = 0; column < RUN; column++) {
                int code = Blocks.q6kCode(matrix.data(), from, RUN * run + column);
                put(start + q6kLow(row, column), (code & 15) << nibbleShift(row));
                put(start + q6kHigh(row, column), code >> 4 << q6kShift(row, column));
            }
        }
    }

    /** Three planes for eight columns. */
    private static long q6kLow(int row, int column) {
        return PLANE + (long) PLANE * (column / 8) + nibbleByte(row, column);
    }

    private static long q6kHigh(int row, int column) {
        return PLANE + (long) PLANE * (3 * (column / 8) + 2) + 4L * (row & 15) + column % LANE;
    }

    private static int q6kShift(int row, int column) {
        return 4 * (column / LANE % 2) + 2 * (row / 16);
    }

    private long runStart(long block, int run) {
        return block + headBytes(matrix.type()) + (long) run * runBytes(matrix.type());
    }

    /**
     * One row as floats, in plain Java: the twin of the programs that read this layout, equal to
     * {@link Blocks#dequantise} of the row bit for bit.
     *
     * @param row below {@code groups() * ROWS}
     */
    public void dequantise(int row, float[] out, int at) {
        int inGroup = row % ROWS;
        long block = groupOffset(row / ROWS);
        int length = matrix.type().blockElements();
        for (int from = 0; from < matrix.columns(); from += length, block += blockBytes(matrix.type())) {
            float scale = Blocks.half(data, block + 2L * inGroup);
            for (int i = 0; i < length; i++) {
                out[at + from + i] = value(block, runStart(block, i / RUN), inGroup, i % RUN, scale);
            }
        }
    }

    private float value(long block, long run, int row, int column, float scale) {
        return switch (matrix.type()) {
            case Q8_0 -> scale * (byte) (data.get(BYTE, run + wholeByte(row, column)) ^ 0x80);
            case Q4_0 -> scale * (nibble(run, row, column) - 8);
            case Q4_K -> scale * Blocks.unsigned(data, run + row) * nibble(run + PLANE, row, column)
                    - Blocks.half(data, block + PLANE + 2L * row) * Blocks.unsigned(data, run + ROWS + row);
            case Q6_K ->
                scale * data.get(BYTE, run + (long) ROWS * (column / 16) + row) * (q6kCode(run, row, column) - 32);
            default -> throw new IllegalArgumentException("no layout in quads for " + matrix.type());
        };
    }

    private int nibble(long planes, int row, int column) {
        return Blocks.unsigned(data, planes + nibbleByte(row, column)) >>> nibbleShift(row) & 15;
    }

    private int q6kCode(long run, int row, int column) {
        int low = Blocks.unsigned(data, run + q6kLow(row, column)) >>> nibbleShift(row) & 15;
        return low | (Blocks.unsigned(data, run + q6kHigh(row, column)) >>> q6kShift(row, column) & 3) << 4;
    }
}
