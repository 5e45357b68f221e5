package dev.pareto.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.pareto.engine.gguf.WeightType;

/**
 * A second copy of a matrix whose rows lie thirty-two and thirty-two beside each other, so that a lane of a vector is a row:
 * no sum across lanes, a block's scales in one load, aligned loads of 64 bytes. Rows beyond the last thirty-two are not in
 * it. All but the bytes of Q8_0 are words of 64 bytes: sixteen ints, of which int {@code l} holds row {@code l} in its low
 * half and row {@code l + 16} in its high one.
 *
 * <p>
 * Thirty-two rows are, for each block of columns and in this order:
 * <ul>
 * <li>F16, one column: a word of halves
 * <li>Q8_0, 32 columns: a word of half scales; for each column 32 signed bytes
 * <li>Q4_0, 32 columns: a word of half scales; 8 words of the nibbles of 4 columns each, the first lowest
 * <li>Q4_K, 256 columns: a word of half scales, one of half minima; for each 32 columns a word of scale (lower byte) and
 * minimum; for each 32 columns 8 words of nibbles
 * <li>Q6_K, 256 columns: a word of half scales; for each 32 columns a word of signed scales, those of the first 16 columns
 * below those of the others; for each 16 columns 8 words of bytes, column {@code j} below {@code j + 8}, each 32 above its
 * value: two bits more than the file has, in place of half the work
 * </ul>
 * Immutable once {@link #pack} has run over all groups.
 */
public final class Interleaved {

    /** Rows that lie beside each other. */
    public static final int ROWS = 32;
    /** Bytes of sixteen ints. */
    public static final int WORD = 64;
    /** Bytes of a block of Q4_0 of 32 rows. */
    public static final int Q4_0_BLOCK = 9 * WORD;
    /** Bytes of a block of Q8_0 of 32 rows. */
    public static final int Q8_0_BLOCK = WORD + 32 * ROWS;
    /** Bytes before the nibbles of Q4_K. */
    public static final int Q4_K_HEAD = 10 * WORD;
    /** Bytes of 32 columns of Q6_K. */
    public static final int Q6_K_PART = 17 * WORD;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_NIBBLES = 0x0F0F0F0F0F0F0F0FL;

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
            case F16, Q8_0, Q4_0, Q4_K, Q6_K -> true;
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

    /** Bytes of a block of columns of thirty-two rows. */
    public static int blockBytes(WeightType type) {
        return switch (type) {
            case F16 -> WORD;
            case Q8_0 -> Q8_0_BLOCK;
            case Q4_0 -> Q4_0_BLOCK;
            case Q4_K -> Q4_K_HEAD + 64 * WORD;
            case Q6_K -> WORD + 8 * Q6_K_PART;
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

    /** Whether vectors are rounded to bytes before they are multiplied with it. */
    public boolean takesBytes() {
        return matrix.type() != WeightType.F16 && matrix.type() != WeightType.Q8_0;
    }

    /** Groups of thirty-two rows. */
    public int groups() {
        return matrix.rows() / ROWS;
    }

    /** Where a group starts in the data. */
    public long groupOffset(int group) {
        return group * groupBytes(matrix.type(), matrix.columns());
    }

    /** Copies groups of rows from the matrix. Different groups may be packed by different threads. */
    public void pack(int fromGroup, int toGroup) {
        for (int row = fromGroup * ROWS; row < toGroup * ROWS; row++) {
            pack(matrix.blockOffset(row, 0), groupOffset(row / ROWS), row % ROWS);
        }
    }

    private void pack(long rowStart, long groupStart, int row) {
        int blocks = matrix.columns() / matrix.type().blockElements();
        int length = matrix.type().blockBytes();
        int step = blockBytes(matrix.type());
        for (int i = 0; i < blocks; i++) {
            long from = rowStart + (long) i * length;
            long to = groupStart + (long) i * step;
            switch (matrix.type()) {
                case F16 -> data.set(Blocks.SHORT, to + half(row), matrix.data().get(Blocks.SHORT, from));
                case Q8_0 -> packQ80(from, to, row);
                case Q4_0 -> packQ40(from, to, row);
                case Q4_K -> packQ4k(from, to, row);
                case Q6_K -> packQ6k(from, to, row);
                default -> throw new IllegalArgumentException("no interleaved layout for " + matrix.type());
            }
        }
    }

    /** Where a row's half of its int lies in a word. */
    private static long half(int row) {
        return 4L * (row & 15) + 2L * (row >> 4);
    }

    private void packQ80(long from, long to, int row) {
        data.set(Blocks.SHORT, to + half(row), matrix.data().get(Blocks.SHORT, from));
        for (int column = 0; column < 32; column++) {
            data.set(ValueLayout.JAVA_BYTE, to + WORD + 32L * column + row,
                    matrix.data().get(ValueLayout.JAVA_BYTE, from + 2 + column));
        }
    }

    private void packQ40(long from, long to, int row) {
        data.set(Blocks.SHORT, to + half(row), matrix.data().get(Blocks.SHORT, from));
        for (int part = 0; part < 4; part++) {
            packNibbles(from + 2 + 8L * (part & 1), 4 * (part >> 1), to + WORD + 2L * WORD * part, row);
        }
    }

    private void packQ4k(long from, long to, int row) {
        data.set(Blocks.SHORT, to + half(row), matrix.data().get(Blocks.SHORT, from));
        data.set(Blocks.SHORT, to + WORD + half(row), matrix.data().get(Blocks.SHORT, from + 2));
        for (int group = 0; group < 8; group++) {
            int both = Blocks.sixBitScale(matrix.data(), from + 4, group)
                    | Blocks.sixBitMinimum(matrix.data(), from + 4, group) << 8;
            data.set(Blocks.SHORT, to + WORD * (2L + group) + half(row), (short) both);
            for (int part = 0; part < 4; part++) {
                packNibbles(from + 16 + 32L * (group >> 1) + 8L * part, 4 * (group & 1),
                        to + Q4_K_HEAD + WORD * (8L * group + 2L * part), row);
            }
        }
    }

    /** Four bits of each of eight bytes into two words. */
    private void packNibbles(long from, int shift, long to, int row) {
        int nibbles = (int) Long.compress(matrix.data().get(LONG, from), LOW_NIBBLES << shift);
        data.set(Blocks.SHORT, to + half(row), (short) nibbles);
        data.set(Blocks.SHORT, to + WORD + half(row), (short) (nibbles >>> 16));
    }

    /** Where the scales of 16 columns lie, with those of the 16 beside them. */
    private static long q6kScales(long block, int group) {
        return block + WORD + (long) Q6_K_PART * (group >> 1);
    }

    private static long q6kColumns(long block, int group) {
        return q6kScales(block, group) + WORD * (1L + 8L * (group & 1));
    }

    private void packQ6k(long from, long to, int row) {
        data.set(Blocks.SHORT, to + half(row), matrix.data().get(Blocks.SHORT, from + 208));
        for (int group = 0; group < 16; group++) {
            data.set(ValueLayout.JAVA_BYTE,
                    q6kScales(to, group) + 4L * (row & 15) + 2L * (group & 1) + (row >> 4),
                    matrix.data().get(ValueLayout.JAVA_BYTE, from + 192 + group));
            for (int j = 0; j < 8; j++) {
                int both = Blocks.q6kCode(matrix.data(), from, 16 * group + j)
                        | Blocks.q6kCode(matrix.data(), from, 16 * group + j + 8) << 8;
                data.set(Blocks.SHORT, q6kColumns(to, group) + (long) WORD * j + half(row), (short) both);
            }
        }
    }

    /**
     * One row as floats, in plain Java: the twin of the kernels that read this layout, equal to
     * {@link Blocks#dequantise} of the row bit for bit.
     *
     * @param row below {@code groups() * ROWS}
     */
    public void dequantise(int row, float[] out, int at) {
        int inGroup = row % ROWS;
        int blockElements = matrix.type().blockElements();
        long block = groupOffset(row / ROWS);
        for (int column = 0; column < matrix.columns(); column += blockElements) {
            switch (matrix.type()) {
                case F16 -> out[at + column] = Blocks.half(data, block + half(inGroup));
                case Q8_0 -> q80(block, inGroup, out, at + column);
                case Q4_0 -> q40(block, inGroup, out, at + column);
                case Q4_K -> q4k(block, inGroup, out, at + column);
                case Q6_K -> q6k(block, inGroup, out, at + column);
                default -> throw new IllegalArgumentException("no interleaved layout for " + matrix.type());
            }
            block += blockBytes(matrix.type());
        }
    }

    private void q80(long block, int row, float[] out, int at) {
        float scale = Blocks.half(data, block + half(row));
        for (int i = 0; i < 32; i++) {
            out[at + i] = scale * data.get(ValueLayout.JAVA_BYTE, block + WORD + 32L * i + row);
        }
    }

    private void q40(long block, int row, float[] out, int at) {
        float scale = Blocks.half(data, block + half(row));
        for (int i = 0; i < 32; i++) {
            out[at + i] = scale * (nibble(block + WORD, row, i) - 8);
        }
    }

    private void q4k(long block, int row, float[] out, int at) {
        float scale = Blocks.half(data, block + half(row));
        float least = Blocks.half(data, block + WORD + half(row));
        for (int group = 0; group < 8; group++) {
            int both = data.get(Blocks.SHORT, block + WORD * (2L + group) + half(row));
            float d = scale * (both & 63);
            float m = least * ((both >> 8) & 63);
            for (int i = 0; i < 32; i++) {
                out[at + 32 * group + i] = d * nibble(block + Q4_K_HEAD, row, 32 * group + i) - m;
            }
        }
    }

    private void q6k(long block, int row, float[] out, int at) {
        float scale = Blocks.half(data, block + half(row));
        for (int group = 0; group < 16; group++) {
            float d = scale * data.get(ValueLayout.JAVA_BYTE,
                    q6kScales(block, group) + 4L * (row & 15) + 2L * (group & 1) + (row >> 4));
            for (int i = 0; i < 16; i++) {
                int both = data.get(Blocks.SHORT, q6kColumns(block, group) + (long) WORD * (i & 7) + half(row));
                out[at + 16 * group + i] = d * (((both >> (i & 8)) & 63) - 32);
            }
        }
    }

    /** The nibble of a column among words that hold four columns each. */
    private int nibble(long words, int row, int column) {
        return data.get(Blocks.SHORT, words + WORD * (long) (column >> 2) + half(row)) >> (4 * (column & 3)) & 15;
    }
}
